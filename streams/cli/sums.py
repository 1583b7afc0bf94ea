"""How failure predictions fared in sum: the quality records of many series or entities, added up by rule."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from models.failure.scores import BINS
from models.failure.warnings import LEADS, median_lead_ms
from streams.schema import RecordKind
from streams.settings.durations import format_duration

Counts = npt.NDArray[np.float64]

NAMED_BY = {
    RecordKind.FAILURE_QUALITY: "rule",
    RecordKind.HAZARD_QUALITY: "hazard",
    RecordKind.OBJECTIVE_QUALITY: "objective",
}
"""The kinds that add up, and the field that names what they are of."""

FEW = 10
"""With fewer failures than this, shares of them say little."""

NORMAL_95 = 1.96


@dataclass(slots=True)
class Sum:
    """What the records of one rule, hazard or objective add up to."""

    of: str
    within_ms: int
    records: int = 0
    looks: int = 0
    failures: int = 0
    square_error: float = 0.0
    base_square_error: float = 0.0
    warnings: int = 0
    warnings_right: int = 0
    leads: Counts = field(default_factory=lambda: np.zeros(LEADS))
    bin_looks: Counts = field(default_factory=lambda: np.zeros(BINS))
    bin_hits: Counts = field(default_factory=lambda: np.zeros(BINS))
    bin_p: Counts = field(default_factory=lambda: np.zeros(BINS))

    def add(self, record: dict[str, Any]) -> None:
        """Add the record of a series or an entity."""
        looks = record["looks_settled"]
        self.records += 1
        self.looks += looks
        self.failures += record["alerts_seen" if "alerts_seen" in record else "failures_seen"]
        self.square_error += looks * (record["brier"] or 0.0)
        self.base_square_error += looks * (record["base_brier"] or 0.0)
        self.warnings += record["flags" if "flags" in record else "warnings"]
        self.warnings_right += record["flags_right" if "flags" in record else "warnings_right"]
        for name in ("leads", "bin_looks", "bin_hits", "bin_p"):
            getattr(self, name)[:] += record[name]


def sums_of(values: Iterable[bytes]) -> list[Sum]:
    """The sums of all quality records of failures among these, by kind and name."""
    found: dict[tuple[str, str], Sum] = {}
    for value in values:
        record = orjson.loads(value)
        if record["kind"] in NAMED_BY:
            kind = RecordKind(record["kind"])
            of, name = NAMED_BY[kind], record[NAMED_BY[kind]]
            one = found.setdefault((of, name), Sum(f"{of} {name}", record["within_ms"]))
            one.add(record)
    return [found[key] for key in sorted(found)]


def lines_of(one: Sum) -> Iterator[str]:
    """A sum in words."""
    yield (
        f"{one.of}, within {format_duration(one.within_ms)}: {one.records:,} of it, "
        f"{one.looks:,} predictions settled, {one.failures:,} failures"
    )
    if not one.looks:
        return
    brier, base = one.square_error / one.looks, one.base_square_error / one.looks
    yield f"  Brier score {brier:.4g}, of the plain frequency {base:.4g}"
    if one.failures < FEW:
        yield f"  with fewer than {FEW} failures the shares below say little"
    yield f"  foretold: {_share(one.warnings_right, one.failures)}"
    yield f"  warnings that were right: {_share(one.warnings_right, one.warnings)}"
    if one.warnings_right:
        lead_ms = float(median_lead_ms(one.leads[np.newaxis].astype(np.int32))[0])
        yield f"  median lead: {format_duration(round(lead_ms))}, to a factor of two"
    yield from _reliability(one)


def _share(part: int, whole: int) -> str:
    if not whole:
        return "0 of 0"
    low, high = wilson(part, whole)
    return f"{part:,} of {whole:,} ({part / whole:.0%}; by chance alone {low:.0%} to {high:.0%})"


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The shares that so many of so many are not unlikely of: Wilson's interval at 95 %."""
    # (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)
    p, z = part / whole, NORMAL_95
    middle, reach = p + z * z / (2 * whole), z * sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole))
    scale = 1 + z * z / whole
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def _reliability(one: Sum) -> Iterator[str]:
    for looks, hits, p in zip(one.bin_looks.tolist(), one.bin_hits.tolist(), one.bin_p.tolist(), strict=True):
        if looks:
            yield f"  said {p / looks:.4f}, came {hits / looks:.4f}, {looks:,.0f} times"
