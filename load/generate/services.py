"""Services: requests, errors, latency and memory. One has error bursts, one leaks, one fails for half an hour."""

import numpy as np

from load.generate.hosts import host_labels
from load.generate.incidents import BURST_EVERY_MS, BURST_MS, BURSTING_SERVICE, LEAKING_SERVICE, Outage
from load.generate.leak import Leaking, leaking_memory
from load.generate.rules import PROCESS
from load.generate.shapes import counter, pulse, smooth_noise, user_load
from load.generate.signal import Signals, entity_text, labels_at, own_rng
from load.generate.spec import MINUTE_MS, FleetSpec
from load.generate.truth import Exhaustion, Incident, Leak, Restart
from load.recordings.table import FloatColumn, IntColumn
from streams.series import Labels, SeriesKey, series_name

KIND = 2
NAMES = ("checkout", "catalogue", "payment", "search", "cart", "login")
MEMORY_LIMIT_BYTES = float(4 << 30)
RAMP_MS = 3 * MINUTE_MS
ERRORS_USUAL = 0.003
ERRORS_BURST = 0.12
ERRORS_OUTAGE = 0.4
LATENCY_OUTAGE_FACTOR = 6.0


def service_signals(spec: FleetSpec, place: int, outage: Outage) -> Signals:
    """Signals of one service."""
    rng = own_rng(spec, KIND, place)
    labels, times = _labels(place), spec.times_ms()
    signals = Signals()
    incidents = _incidents(rng, spec, place, outage)
    signals.truth.incidents.extend(incidents)
    requests = _requests_per_second(rng, times)
    leaking = leaking_memory(rng, spec, MEMORY_LIMIT_BYTES) if place == LEAKING_SERVICE % spec.services else None
    restarts = np.zeros(0, np.int64) if leaking is None else leaking.restarts
    signals.add("requests_per_second", labels, requests)
    signals.add("requests_total", labels, counter(np.floor(requests * spec.step_ms / 1000), restarts))
    signals.add("error_rate", labels, _error_rate(rng, times, incidents))
    signals.add("latency_ms", tuple(sorted([*labels, ("quantile", "0.95")])), _latency_ms(rng, times, incidents))
    _add_memory(signals, spec, labels, leaking or _steady_memory(rng, spec.steps))
    return signals


def _labels(place: int) -> Labels:
    name = NAMES[place] if place < len(NAMES) else f"service-{place + 1:02d}"
    return labels_at(place, service=name)


def _requests_per_second(rng: np.random.Generator, times: IntColumn) -> FloatColumn:
    load = user_load(times, peak_hour=rng.uniform(12, 20)) * rng.uniform(40, 400)
    return np.asarray(load * rng.lognormal(0.0, 0.05, len(times)) * (1 + 0.03 * smooth_noise(rng, len(times), 15)))


def _error_rate(rng: np.random.Generator, times: IntColumn, incidents: list[Incident]) -> FloatColumn:
    rate = ERRORS_USUAL * rng.lognormal(0.0, 0.3, len(times))
    for incident in incidents:
        height = ERRORS_OUTAGE if incident.kind == "outage" else ERRORS_BURST
        rate += height * rng.lognormal(0.0, 0.1, len(times)) * _strength(times, incident)
    return np.clip(rate, 0.0, 1.0)


def _latency_ms(rng: np.random.Generator, times: IntColumn, incidents: list[Incident]) -> FloatColumn:
    latency = rng.uniform(40, 160) * (1 + 0.4 * user_load(times)) * rng.lognormal(0.0, 0.08, len(times))
    for incident in incidents:
        if incident.kind == "outage":
            latency *= 1 + LATENCY_OUTAGE_FACTOR * _strength(times, incident)
    return np.asarray(latency)


def _strength(times: IntColumn, incident: Incident) -> FloatColumn:
    return pulse(times, incident.start_ms, incident.end_ms, RAMP_MS)


def _incidents(rng: np.random.Generator, spec: FleetSpec, place: int, outage: Outage) -> list[Incident]:
    entity = entity_text(_labels(place))
    bursts = _bursts(rng, spec) if place == BURSTING_SERVICE else []
    incidents = [Incident(entity, "error_burst", start_ms, end_ms) for start_ms, end_ms in bursts]
    if place == outage.service:
        also = (entity_text(host_labels(outage.host)),)
        incidents.append(Incident(entity, "outage", outage.start_ms, outage.end_ms, also))
    return incidents


def _bursts(rng: np.random.Generator, spec: FleetSpec) -> list[tuple[int, int]]:
    """Bursts every few hours, until the end: often enough that their frequency can be learnt."""
    count = int((spec.end_ms - spec.start_ms) // BURST_EVERY_MS[0])
    starts = spec.start_ms + np.cumsum(rng.integers(*BURST_EVERY_MS, count))
    ends = starts + rng.integers(*BURST_MS, count)
    return [(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True) if end <= spec.end_ms]


def _steady_memory(rng: np.random.Generator, steps: int) -> FloatColumn:
    share = rng.uniform(0.3, 0.6) + 0.02 * smooth_noise(rng, steps, 30)
    return np.floor(MEMORY_LIMIT_BYTES * np.clip(share, 0.05, 0.9))


def _add_memory(signals: Signals, spec: FleetSpec, labels: Labels, memory: Leaking | FloatColumn) -> None:
    limit = signals.add("process_memory_limit_bytes", labels, np.full(spec.steps, MEMORY_LIMIT_BYTES))
    if isinstance(memory, np.ndarray):
        signals.add("process_memory_bytes", labels, memory)
        return
    used = signals.add("process_memory_bytes", labels, memory.used_bytes)
    _tell_leak(signals, spec, labels, memory, (used, limit))


def _tell_leak(
    signals: Signals, spec: FleetSpec, labels: Labels, leaking: Leaking, names: tuple[SeriesKey, SeriesKey]
) -> None:
    used, limit = [series_name(key) for key in names]
    restarts_ms = tuple([int(spec.start_ms + step * spec.step_ms) for step in leaking.restarts.tolist()])
    truth = signals.truth
    truth.leaks.append(Leak(used, limit, leaking.bytes_per_hour, restarts_ms))
    truth.restarts.extend([Restart(entity_text(labels), at_ms) for at_ms in restarts_ms])
    truth.exhaustions.extend(
        [Exhaustion(used, limit, at_ms, "leak", PROCESS) for at_ms in (*restarts_ms, leaking.next_ms)]
    )
