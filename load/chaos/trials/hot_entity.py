"""One entity sends nine tenths of all samples: the others' predictions are what they are without it."""

import time
from collections.abc import Callable, Iterator

import orjson

from load.chaos.trials.trial import Engine, Say, Trial, expect
from streams.records import OutputRecord
from streams.settings.model import Settings

PARTITIONS = 4
HOT = "hot"
METRICS = [f"metric_{number:02d}" for number in range(10)]
HOT_STEPS = 9
"""It reports so often for every time that the others do, and has as many series as all of them."""

HOSTS = 100
BEGIN_MS = 1_767_225_600_000
STEP_MS = 1_000


def _settings() -> Settings:
    return Settings.model_validate(
        {
            "topics": {"partitions": PARTITIONS},
            "sources": [{"topic": "telemetry", "entity": ["host"], "step": f"{STEP_MS}ms"}],
            "forecast": {"horizon": 12, "emit_every": 48},
        }
    )


def _report(host: str, unit: int, step: int, part: int = 0) -> bytes:
    """A report of ten series of a host."""
    metrics = [f"{metric}_{part}" for metric in METRICS]
    values = [float((step * (place + 3)) % 17) for place in range(len(metrics))]
    timestamp_ms = BEGIN_MS + unit * STEP_MS * HOT_STEPS + step * STEP_MS
    return orjson.dumps({"labels": {"host": host}, "timestamp": timestamp_ms, "metric": metrics, "value": values})


def _even(units: int, hosts: int) -> Iterator[bytes]:
    for unit in range(units):
        yield from [_report(f"host-{host}", unit, 0) for host in range(hosts)]


def _hot(units: int) -> Iterator[bytes]:
    """The same, and between them a host that reports a hundred times ten series, nine times as often."""
    for unit in range(units):
        yield from [_report(f"host-{host}", unit, 0) for host in range(HOSTS)]
        for step in range(HOT_STEPS):
            yield from [_report(HOT, unit, step, part) for part in range(HOSTS)]


def _timed(messages: list[bytes], keeps: Callable[[OutputRecord], bool]) -> tuple[float, list[OutputRecord]]:
    """Samples a second of CPU, and of what was published that which is to be kept."""
    engine = Engine(_settings())
    began_s = time.process_time()
    kept = [record for records in engine.feed(messages) for record in records if keeps(record)]
    seconds = time.process_time() - began_s
    expect(not engine.ingest.counts, f"ingest refused rows: {engine.ingest.counts}")
    rows = len(messages) * len(METRICS)
    taken = sum([pipeline.samples_accepted for pipeline in engine.pipelines])
    expect(taken == rows, f"{taken:,} of {rows:,} samples were taken")
    return rows / seconds, kept


def _of_others(record: OutputRecord) -> bool:
    """Whether it is about entities without the hot one; of signals one tells of several, whoever they are."""
    return not record.topic.endswith(".signals") and f'host="{HOT}"'.encode() not in record.key


def _run(units: int, say: Say) -> None:
    alone_rate, alone = _timed(list(_even(units, HOSTS)), _of_others)
    # Some gigabytes are published, and only counted as work.
    even_rate, _ = _timed(list(_even(units, HOSTS * (HOT_STEPS + 1))), lambda _: False)
    hot_rate, others = _timed(list(_hot(units)), _of_others)
    expect(sorted(others) == sorted(alone), "the others' predictions are not what they are without the hot entity")
    say(f"{len(others):,} records of the others, the same as without it")
    say(f"samples a second of CPU, one process: even {even_rate:,.0f}, hot {hot_rate:,.0f}, few even {alone_rate:,.0f}")


HOT_ENTITY = Trial("hot-entity", "one entity with nine tenths of all samples", _run, size=300, short=50)
