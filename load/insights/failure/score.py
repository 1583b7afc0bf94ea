"""How many failing drives stand out, and how long before: our hazard beside two rules, at the same share of flags."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from load.insights.failure.drives import DAY_MS, METRICS, Day

LEADS_DAYS = (1, 3, 7)

Scores = Mapping[str, list[tuple[int, float]]]
"""Of each drive (time, score), in order."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: the share of healthy drives that ever stood out, and the recall at each lead."""

    name: str
    flagged: float
    recall: tuple[float, ...]
    precision: float


def failures_of(days: list[Day]) -> dict[str, int]:
    """The last day of each drive that failed."""
    return {day.drives[place]: day.time_ms for day in days for place in np.flatnonzero(day.failed).tolist()}


def at_share(name: str, scores: Scores, failures: Mapping[str, int], share: float) -> Line:
    """With the threshold that lets so many of the healthy drives stand out."""
    healthy = [max([score for _, score in of_drive]) for drive, of_drive in scores.items() if drive not in failures]
    return at_threshold(name, scores, failures, float(np.quantile(healthy, 1.0 - share)))


def at_threshold(name: str, scores: Scores, failures: Mapping[str, int], threshold: float) -> Line:
    """With a threshold: a drive stands out from the first score above it."""
    first_ms = {drive: time_ms for drive, of_drive in scores.items()
                for time_ms, score in reversed(of_drive) if score > threshold}  # fmt: skip
    return of_flags(name, first_ms, len(scores.keys() - failures.keys()), failures)


def of_flags(name: str, first_ms: Mapping[str, int], healthy: int, failures: Mapping[str, int]) -> Line:
    """By when each drive stood out first."""
    false = len(first_ms.keys() - failures.keys())
    leads = [(failed_ms - first_ms[drive]) / DAY_MS for drive, failed_ms in failures.items() if drive in first_ms]
    recall = tuple([sum([lead >= days for lead in leads]) / len(failures) for days in LEADS_DAYS])
    early = sum([lead >= LEADS_DAYS[0] for lead in leads])
    return Line(name, false / healthy, recall, early / max(early + false, 1))


def rule_scores(days: list[Day]) -> dict[str, dict[str, list[tuple[int, float]]]]:
    """The two rules as scores of 0 and 1: pending sectors, and any increase of reallocated or pending ones."""
    pending: dict[str, list[tuple[int, float]]] = {}
    increase: dict[str, list[tuple[int, float]]] = {}
    before: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
    for day in days:
        for drive, values in zip(day.drives, np.nan_to_num(day.values), strict=True):
            grew = bool((values > before.get(drive, values)).any())
            pending.setdefault(drive, []).append((day.time_ms, float(values[METRICS.index("smart_197_raw")] > 0)))
            increase.setdefault(drive, []).append((day.time_ms, float(grew)))
            before[drive] = values
    return {"rule: 197 > 0": pending, "rule: any increase of 5 or 197": increase}
