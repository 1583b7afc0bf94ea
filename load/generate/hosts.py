"""Hosts: CPU, memory and a network counter that starts again when the host does."""

import numpy as np

from load.generate.incidents import Outage
from load.generate.shapes import counter, pulse, smooth_noise, user_load
from load.generate.signal import Signals, entity_text, labels_at, own_rng
from load.generate.spec import DAY_MS, MINUTE_MS, FleetSpec
from load.generate.truth import Restart
from load.recordings.table import FloatColumn, IntColumn

KIND = 1
GIB = 1 << 30
RESTARTS_PER_DAY = 0.15
RAMP_MS = 3 * MINUTE_MS
OUTAGE_CPU_PERCENT = 45.0


def host_labels(place: int) -> tuple[tuple[str, str], ...]:
    """Labels of a host."""
    return labels_at(place, host=f"host-{place + 1:02d}")


def host_signals(spec: FleetSpec, place: int, outage: Outage) -> Signals:
    """Signals of one host; it labours while a service on it is out."""
    rng = own_rng(spec, KIND, place)
    labels, times = host_labels(place), spec.times_ms()
    busy = user_load(times, peak_hour=rng.uniform(12, 16)) * rng.uniform(0.5, 0.9)
    restarts = _restarts(rng, spec)
    signals = Signals()
    signals.add("cpu_usage_percent", labels, _cpu(rng, busy, times, outage if outage.host == place else None))
    total = float(rng.choice([32, 64, 128]) * GIB)
    signals.add("memory_used_bytes", labels, np.floor(total * _memory_share(rng, busy)))
    signals.add("memory_total_bytes", labels, np.full(spec.steps, total))
    signals.add("network_receive_bytes_total", labels, _network(rng, busy, spec, restarts))
    signals.truth.restarts.extend([Restart(entity_text(labels), int(times[step])) for step in restarts.tolist()])
    return signals


def _cpu(rng: np.random.Generator, busy: FloatColumn, times: IntColumn, outage: Outage | None) -> FloatColumn:
    percent = 6 + 62 * busy + 2.5 * smooth_noise(rng, len(busy), 5) + rng.exponential(1.2, len(busy))
    if outage is not None:
        percent += OUTAGE_CPU_PERCENT * pulse(times, outage.start_ms, outage.end_ms, RAMP_MS)
    return np.clip(percent, 0.0, 100.0)


def _memory_share(rng: np.random.Generator, busy: FloatColumn) -> FloatColumn:
    share = rng.uniform(0.3, 0.5) + 0.15 * busy + 0.01 * smooth_noise(rng, len(busy), 60)
    return np.clip(share, 0.05, 0.95)


def _network(rng: np.random.Generator, busy: FloatColumn, spec: FleetSpec, restarts: IntColumn) -> FloatColumn:
    bytes_per_second = rng.uniform(2e6, 2e7) * busy * rng.lognormal(0.0, 0.15, len(busy))
    return counter(np.floor(bytes_per_second * spec.step_ms / 1000), restarts)


def _restarts(rng: np.random.Generator, spec: FleetSpec) -> IntColumn:
    count = rng.poisson(RESTARTS_PER_DAY * spec.steps * spec.step_ms / DAY_MS)
    return np.unique(rng.integers(1, spec.steps, count))
