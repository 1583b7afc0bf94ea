"""Score incidents on days with injected faults: ``python -m load.insights.incidents FOLDER... [--per-day N]``.

Each day goes minute by minute through the pipelines that a worker runs. Scored is what is on the incidents topic:

detected      somebody was told within five minutes of the injection: an incident opened, or one that was open got a
              member, or a member spoke again. By the event time of the record, so with all that the pipelines wait for.
first, top 3  in the first such record, whether the faulty pod is first among its members, or among the first three. Of
              an incident that was open before, only members that have spoken since the injection are counted.
false         incidents opened outside of the ten minutes after an injection, per hour of such time.
named         the faulty pod is among the members of the first such record: what else is detected may be chance.
given t0      the place of the faulty pod among all, by the largest score of the four minutes after the injection, as if
              somebody had said when it was: what scores can say of causes where detection is no question.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson

from load.backtest.correlating import Correlating
from load.backtest.feed import Feed
from load.insights.nezha import FAULT_LASTS_MS, Day, Fault, read_day, with_day_before
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.settings.model import Settings

MINUTE_MS = 60_000
DETECTED_WITHIN_MS = 5 * MINUTE_MS
RANKED_MINUTES = 4
UNRANKED = 2**30
TELLING = {"opened", "member", "happened", "again"}


Scores = dict[int, dict[str, float]]
"""By minute, the score of every entity."""


class Said(NamedTuple):
    """What the pipelines said of a day: the records of incidents, and the scores behind them."""

    records: Sequence[dict[str, Any]]
    scores: Scores


class Score(NamedTuple):
    """How one fault was told of: the delay of the first record, and the place of the faulty pod in it; None: not.

    `rank_given` is its place among all pods, given when the fault was injected.
    """

    fault: Fault
    delay_ms: int | None
    rank: int | None
    rank_given: int | None


class DayScore(NamedTuple):
    """A day's faults, and what was opened without one."""

    day: Day
    scores: list[Score]
    false: int
    hours: float


def said_of(day: Day, settings: Settings) -> Said:
    """What the pipelines say of a day."""
    scores: Scores = {}
    feed, correlating = Feed(settings), Correlating(settings, scores.__setitem__)
    pipeline = PartitionPipeline(PipelineConfig.from_settings(settings))
    minute = day.table.timestamp_ms // MINUTE_MS
    bounds = [*np.flatnonzero(np.diff(minute, prepend=minute[0] - 1)).tolist(), len(minute)]
    found: list[dict[str, Any]] = []
    for start, stop in pairwise(bounds):
        block, _, _ = feed.take(day.table.rows(start, stop))
        told = correlating.take(pipeline.step_blocks([block]))
        found += [orjson.loads(record.value) for record in told if record.value is not None]
    return Said(found, scores)


def settings_of(per_day: float) -> Settings:
    """Steps of a minute, entities that are pods, and a budget."""
    return Settings.model_validate(
        {
            "sources": [{"topic": "nezha", "step": "1m", "entity": ["pod"]}],
            "topics": {"partitions": 1},
            "forecast": {"emit_every": 10_000},
            "incidents": {"per_day": per_day},
        }
    )


def score_of(day: Day, said: Said) -> DayScore:
    """Hold what was said against the faults."""
    scores = [_score(fault, said) for fault in day.faults]
    end_ms = int(day.table.timestamp_ms[-1])
    faulty = {
        minute
        for fault in day.faults
        for minute in range(fault.at_ms // MINUTE_MS, (fault.at_ms + FAULT_LASTS_MS) // MINUTE_MS)
    }
    opened = [record["opened_at_ms"] for record in said.records if record["reason"] == "opened"]
    false = sum([at_ms >= day.begin_ms and at_ms // MINUTE_MS not in faulty for at_ms in opened])
    minutes = (end_ms - day.begin_ms) // MINUTE_MS - len(faulty)
    return DayScore(day, scores, false, minutes / 60)


def _score(fault: Fault, said: Said) -> Score:
    entity, given = f'{{pod="{fault.pod}"}}', _rank_given(fault, said.scores)
    for record in said.records:
        delay_ms = record["updated_at_ms"] - fault.at_ms
        if 0 <= delay_ms <= DETECTED_WITHIN_MS and record["reason"] in TELLING:
            since = [member["entity"] for member in record["members"] if member["last_ms"] >= fault.at_ms]
            return Score(fault, delay_ms, since.index(entity) + 1 if entity in since else None, given)
    return Score(fault, None, None, given)


def _rank_given(fault: Fault, scores: Scores) -> int | None:
    """The faulty pod's place by the largest score of the minutes after the injection."""
    first = -(-fault.at_ms // MINUTE_MS)
    largest: defaultdict[str, float] = defaultdict(float)
    for minute in range(first, first + RANKED_MINUTES):
        for entity, score in scores.get(minute, {}).items():
            largest[entity] = max(largest[entity], score)
    mine = largest.get(f'{{pod="{fault.pod}"}}')
    return None if mine is None else 1 + sum([score > mine for score in largest.values()])


def report(days: Sequence[DayScore]) -> Iterator[str]:
    """The table: by system, and within it by kind of fault."""
    yield (
        "| system | fault | faults | detected within 5 min | named | median delay, min | root pod first"
        " | in first three | first, given t0 | in first three |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|"
    everything: list[Score] = []
    for system, of_system in _grouped(days):
        everything += of_system
        yield _row(system, "all", of_system)
        for kind in sorted({score.fault.kind for score in of_system}):
            yield _row(system, kind, [score for score in of_system if score.fault.kind == kind])
    yield _row("both", "all", everything)
    for day in days:
        rate = day.false / day.hours
        yield f"{day.day.name} {day.day.system}: {day.false} false incidents in {day.hours:.1f} h, {rate:.2f} an hour"


def _grouped(days: Iterable[DayScore]) -> Iterator[tuple[str, list[Score]]]:
    systems: defaultdict[str, list[Score]] = defaultdict(list)
    for day in days:
        systems[day.day.system] += day.scores
    yield from sorted(systems.items())


def _row(system: str, kind: str, scores: Sequence[Score]) -> str:
    delays = [score.delay_ms / MINUTE_MS for score in scores if score.delay_ms is not None]
    ranks = Counter([score.rank for score in scores])
    first, three = ranks[1], ranks[1] + ranks[2] + ranks[3]
    named = ranks.total() - ranks[None]
    found, of = len(delays), len(scores)
    delay = f"{np.median(delays):.1f}" if delays else "-"
    given = [score.rank_given or UNRANKED for score in scores]
    given_first, given_three = (sum([rank <= places for rank in given]) / of for places in (1, 3))
    return (
        f"| {system} | {kind} | {of} | {found} ({found / of:.0%}) | {named} | {delay} | {first} | {three}"
        f" | {given_first:.2f} | {given_three:.2f} |"
    )


def main() -> None:
    """Print the table."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="+", help="a day: *_metric.csv.gz and <day>-fault_list.json")
    parser.add_argument("--per-day", type=float, default=Settings.model_fields["incidents"].default.per_day)
    parser.add_argument("--day-before", action="store_true", help="the quiet end of each day comes before it, too")
    arguments = parser.parse_args()
    settings = settings_of(arguments.per_day)
    days = [read_day(folder) for folder in arguments.folder]
    if arguments.day_before:
        days = [with_day_before(day) for day in days]
    print("\n".join(report([score_of(day, said_of(day, settings)) for day in days])))


if __name__ == "__main__":
    main()
