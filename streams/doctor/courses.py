"""How single series run: their steps, what comes late, twice or from the future, and what only ever rises."""

from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

import numpy as np

from streams.blocks import FloatColumn, IntColumn
from streams.doctor.decoding import Decoded
from streams.doctor.sample import TopicSample
from streams.pipeline.cadence import inferred_step_ms
from streams.pipeline.config import COUNTER_PATTERNS

FUTURE_MS = 60_000
"""A sample this much newer than its message is from the future."""

GAPS_MIN = 2
"""Gaps of a series from which its step can be told."""

CHANGES_MIN = 8
RISING_SHARE = 0.95
GAUGE_PATTERNS = ("*_bytes", "*_percent", "*_ratio", "*_celsius", "*_seconds", "*_info")
"""Names of what may rise for hours and is no counter."""


class Courses(NamedTuple):
    """What was found.

    Attributes
    ----------
    steps_ms
        How many series have which step.
    late_rows, latest_ms
        Samples that are older than one of their series before them, and by how much at most.
    double_rows
        Samples of the same series and time as one before.
    future_rows
        Samples that are newer than their message.
    delay_p50_ms
        How old samples are when their message comes, median.
    rising
        Metrics that rise as counters do, and are not named like one.
    falling
        Metrics that are named like counters and fall like gauges.
    """

    steps_ms: Counter[int]
    late_rows: int
    latest_ms: int
    double_rows: int
    future_rows: int
    delay_p50_ms: int
    rising: list[str]
    falling: list[str]


def look_at_courses(decoded: Decoded, sample: TopicSample) -> Courses:
    """Go through the series one by one."""
    steps: Counter[int] = Counter()
    late = latest_ms = double = 0
    trends: dict[str, list[float]] = {}
    for place, times, values in _series(decoded):
        reached = np.maximum.accumulate(times)
        behind = (reached - times)[1:]
        late += int(np.count_nonzero(behind))
        latest_ms = max(latest_ms, int(behind.max(initial=0)))
        distinct, first = np.unique(times, return_index=True)
        double += len(times) - len(distinct)
        if len(distinct) > GAPS_MIN:
            steps[inferred_step_ms(distinct.tolist())] += 1
        changes = np.diff(values[first])
        changes = changes[changes != 0]
        if len(changes) >= CHANGES_MIN:
            trends.setdefault(decoded.series[place].metric, []).append(float(np.mean(changes > 0)))
    broker_ms = np.array([message.broker_ms for message in sample.messages], np.int64)[decoded.message]
    delay_ms = broker_ms - decoded.timestamp_ms
    rising = {metric for metric, shares in trends.items() if min(shares) >= RISING_SHARE}
    return Courses(
        steps_ms=steps,
        late_rows=late,
        latest_ms=latest_ms,
        double_rows=double,
        future_rows=int(np.count_nonzero(delay_ms < -FUTURE_MS)),
        delay_p50_ms=int(np.median(delay_ms)) if len(delay_ms) else 0,
        rising=sorted(one for one in rising if not _named(one, (*COUNTER_PATTERNS, *GAUGE_PATTERNS))),
        falling=sorted(one for one in trends.keys() - rising if _named(one, COUNTER_PATTERNS)),
    )


def common_step_ms(courses: Courses) -> int | None:
    """The step that nine of ten series have; None: there is none."""
    if not courses.steps_ms:
        return None
    step_ms, count = courses.steps_ms.most_common(1)[0]
    return step_ms if count >= 0.9 * courses.steps_ms.total() else None


def _series(decoded: Decoded) -> Iterator[tuple[int, IntColumn, FloatColumn]]:
    """Of each series its place, times and values, as they came."""
    order = np.argsort(decoded.index, kind="stable")
    bounds = np.searchsorted(decoded.index[order], np.arange(len(decoded.series) + 1)).tolist()
    for place in range(len(decoded.series)):
        rows = order[bounds[place] : bounds[place + 1]]
        if len(rows):
            yield place, decoded.timestamp_ms[rows], decoded.value[rows]


def _named(metric: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(metric, pattern) for pattern in patterns)
