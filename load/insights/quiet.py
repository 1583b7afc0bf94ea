"""How many incidents do quiet times open? Budgets against generated fleets: ``python -m load.insights.quiet``.

Of each fleet the first half is played, which is calm, without the entities that anything happens to there and without
decoys. So whatever opens is false. Counted is from the second hour on: before, entities are young.
"""

import argparse
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from load.backtest.feed import Feed
from load.generate.cases.cascades import KIND as CASCADE
from load.generate.cases.family import CASE
from load.generate.fleet import Fleet, generate_fleet
from load.generate.signal import ENTITY_LABELS, entity_text
from load.generate.spec import HOUR_MS, MINUTE_MS, FleetSpec
from load.generate.truth import Truth
from load.recordings.table import matrix_table
from streams.correlate.config import CorrelateConfig
from streams.correlate.pipeline import CorrelatePipeline
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord
from streams.series import SeriesKey, parse_series
from streams.settings.model import Settings

SEEDS = (11, 12, 13, 14)
DAYS = 4.0
BUDGETS = (1.0, 4.0, 12.0, 36.0)
HOURS_PER_DAY = 24.0


def settings_of(per_day: float) -> Settings:
    """Steps of a minute, and a budget; forecasts are judged elsewhere."""
    return Settings.model_validate(
        {
            "sources": [{"topic": "telemetry", "entity": sorted(ENTITY_LABELS), "step": "1m"}],
            "topics": {"partitions": 1},
            "forecast": {"emit_every": 10_000},
            "incidents": {"per_day": per_day},
        }
    )


def signals_of(fleet: Fleet) -> list[bytes]:
    """The signals of the calm half of a fleet."""
    half_ms = (fleet.spec.start_ms + fleet.spec.end_ms) // 2
    struck = set(_struck(fleet.truth, half_ms))
    columns = [
        column
        for column, key in enumerate(fleet.series)
        if _entity(key) not in struck and dict(key.labels).get(CASE) in (None, CASCADE)
    ]
    times = fleet.spec.times_ms()
    times = times[times < half_ms]
    settings = settings_of(BUDGETS[0])
    table = matrix_table([fleet.series[column] for column in columns], times, fleet.values[: len(times), columns])
    feed, pipeline = Feed(settings), PartitionPipeline(PipelineConfig.from_settings(settings))
    minute = table.timestamp_ms // MINUTE_MS
    bounds = [*np.flatnonzero(np.diff(minute, prepend=minute[0] - 1)).tolist(), len(minute)]
    told = [
        record
        for start, stop in pairwise(bounds)
        for record in pipeline.step_blocks([feed.take(table.rows(start, stop)).block])
    ]
    return [record.value for record in told if record.topic == settings.topics.signals and record.value is not None]


def opened(signals: Sequence[bytes], per_day: float, since_ms: int) -> int:
    """How many incidents a budget opens."""
    pipeline = CorrelatePipeline(CorrelateConfig.from_settings(settings_of(per_day)))
    published = pipeline.step([InputRecord(offset, value) for offset, value in enumerate(signals)])
    keys = {record.key for record in published if record.key is not None}
    return sum([_opened_ms(key) >= since_ms for key in keys])


def _opened_ms(key: bytes) -> int:
    """The time in an incident's id: kind, scope, time, entity."""
    return int(key.decode().split("|")[2])


def _entity(key: SeriesKey) -> str:
    return entity_text(key.labels)


def _struck(truth: Truth, before_ms: int) -> Iterator[str]:
    """Entities that anything happens to before a time."""
    for incident in truth.incidents:
        yield from (incident.entity, *incident.also) if incident.start_ms < before_ms else ()
    yield from [gap.entity for gap in truth.gaps if gap.start_ms < before_ms]
    yield from [restart.entity for restart in truth.restarts if restart.at_ms < before_ms]
    series = [anomaly.series for anomaly in truth.anomalies if anomaly.start_ms < before_ms]
    series += [failure.series for failure in truth.failures if failure.start_ms < before_ms]
    yield from [_entity(parse_series(name)) for name in series]


def main() -> None:
    """Print the table."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, action="append", help=f"of a fleet; by default {SEEDS}")
    seeds = parser.parse_args().seed or SEEDS
    specs = [FleetSpec(seed=seed, hosts=4, services=4, volumes=1, days=DAYS, cases=3) for seed in seeds]
    signals = [signals_of(generate_fleet(spec)) for spec in specs]
    days = len(specs) * (DAYS / 2 - 1 / HOURS_PER_DAY)
    print(f"| incidents.per_day | opened in {days:.1f} days | a day |\n|---|---|---|")
    for per_day in BUDGETS:
        false = sum([opened(said, per_day, spec.start_ms + HOUR_MS) for spec, said in zip(specs, signals, strict=True)])
        print(f"| {per_day:g} | {false} | {false / days:.2f} |")


if __name__ == "__main__":
    main()
