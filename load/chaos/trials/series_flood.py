"""Generations of new series, each larger than the limit: the limit holds, memory is flat, and all is counted.

A generation reports for some minutes and is never heard of again; hours of event time later the next one comes. So
every place is given away again and again, and whoever finds none is refused.
"""

import os
from collections.abc import Iterator

import orjson

from load.chaos.trials.trial import Engine, Say, Trial, expect
from load.soak.footprint import footprint
from streams.rejects import RejectReason
from streams.settings.model import Settings

GENERATIONS = 5
LIMIT_SHARE = 1 / 5
"""The limit's part of all series that ever come: a million series for 200,000 places."""

OVERFULL = 1.25
"""A generation has so many series for every place."""

PARTITIONS = 4
METRICS = [f"metric_{number:03d}" for number in range(100)]
STEPS = 3
MINUTE_MS = 60_000
GENERATION_MS = 3 * 60 * MINUTE_MS
BEGIN_MS = 1_767_225_600_000
GROWTH_MAX = 1.10
MIB = 1 << 20


def _settings(limit: int) -> Settings:
    return Settings.model_validate(
        {
            "topics": {"partitions": PARTITIONS},
            "sources": [{"topic": "telemetry", "entity": ["host"], "step": "1m"}],
            "forecast": {"horizon": 12, "emit_every": 1000},
            "limits": {"series_per_partition": limit // PARTITIONS, "evict_after": "1h"},
        }
    )


def _messages(generation: int, hosts: int) -> Iterator[bytes]:
    for step in range(STEPS):
        timestamp_ms = BEGIN_MS + generation * GENERATION_MS + step * MINUTE_MS
        for host in range(hosts):
            shared = {"labels": {"host": f"g{generation}-{host}"}, "timestamp": timestamp_ms}
            yield orjson.dumps(shared | {"metric": METRICS, "value": [1.0 * step] * len(METRICS)})


def _run(thousands: int, say: Say) -> None:
    limit = int(1000 * thousands * LIMIT_SHARE)
    hosts = int(OVERFULL * limit) // len(METRICS)
    engine, memory = Engine(_settings(limit)), []
    for generation in range(GENERATIONS):
        for _ in engine.feed(_messages(generation, hosts)):
            pass  # published, and forgotten
        held = [len(pipeline.state.catalog.slots) for pipeline in engine.pipelines]
        expect(
            max(held) <= limit // PARTITIONS,
            f"a partition holds {max(held)} series, the limit is {limit // PARTITIONS}",
        )
        memory.append(footprint(os.getpid(), 0.0).rss_bytes)
    rows = GENERATIONS * STEPS * hosts * len(METRICS)
    taken = sum([pipeline.samples_accepted for pipeline in engine.pipelines])
    refused = sum([pipeline.rejects[RejectReason.BANK_FULL] for pipeline in engine.pipelines])
    waiting = sum([len(held) for pipeline in engine.pipelines for held in pipeline.state.admission.waiting.values()])
    growth = memory[-1] / memory[1]
    say(f"{GENERATIONS * hosts * len(METRICS):,} series for {limit:,} places: at most {sum(held):,} held at once")
    say(f"{rows:,} rows: {taken:,} taken, {refused:,} refused as bank_full")
    say(f"memory after each generation, MiB: {', '.join([str(each // MIB) for each in memory])}")
    expect(
        taken + refused + waiting == rows, f"{rows - taken - refused - waiting:,} rows are neither taken nor refused"
    )
    expect(refused > 0, "nothing was refused: the flood was too small")
    # More than the first generation alone could have had.
    expect(taken > STEPS * limit, "the places of series that are gone were not given to new ones")
    expect(growth < GROWTH_MAX, f"memory grew by {growth - 1:.0%} from the second generation to the last")


SERIES_FLOOD = Trial("series-flood", "five times as many new series as there are places", _run, size=1000, short=20)
