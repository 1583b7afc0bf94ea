"""Comparing published predictions with expected ones: key by key, value by value, in order. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from streams.schema import AnomalyKind

KINDS = ("forecasts", "capacity", "failures", "anomalies", "quality")
"""Endings of the topics whose records follow from the telemetry alone, so that they must agree."""

MISSING = f"|{AnomalyKind.MISSING}"
"""Save that a series is missing, which event time tells: how far it has come follows from the fetches, too."""

SHOWN_MAX = 5


class Prediction(NamedTuple):
    """A record of a prediction topic: the ending of the topic's name, key, value and headers as they stand there."""

    kind: str
    key: str
    value: str | None
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared, and what did not agree."""

    expected: Mapping[str, int]
    found: Mapping[str, int]
    duplicates: int
    differences: Sequence[str]

    @property
    def agrees(self) -> bool:
        """Whether every record is there, once duplicates are dropped, and none is more."""
        return not self.differences


def compare(expected: Iterable[Prediction], found: Iterable[Prediction]) -> Comparison:
    """Compare two sets of records.

    Records of a key keep their order. A record that was published before under its key is a duplicate, as it comes
    from a worker that died and did its last work again: it is counted and dropped.
    """
    wanted, _ = _by_key(expected)
    got, duplicates = _by_key(found)
    differences = [
        _difference(key, wanted.get(key, []), got.get(key, [])) for key in sorted(wanted.keys() | got.keys())
    ]
    return Comparison(_counts(wanted), _counts(got), duplicates, [each for each in differences if each])


def _by_key(records: Iterable[Prediction]) -> tuple[dict[tuple[str, str], list[Prediction]], int]:
    found: defaultdict[tuple[str, str], dict[Prediction, None]] = defaultdict(dict)
    total = 0
    for record in records:
        if not record.key.endswith(MISSING):
            found[record.kind, record.key].setdefault(record)
            total += 1
    listed = {key: list(records) for key, records in found.items()}
    return listed, total - sum(len(records) for records in listed.values())


def _difference(key: tuple[str, str], wanted: list[Prediction], got: list[Prediction]) -> str:
    if wanted == got:
        return ""
    for place, (want, have) in enumerate(zip(wanted, got, strict=False)):
        if want != have:
            return f"{key[0]} {key[1]}: record {place} is {have.value}, expected {want.value}"
    return f"{key[0]} {key[1]}: {len(got)} records, expected {len(wanted)}"


def _counts(by_key: Mapping[tuple[str, str], list[Prediction]]) -> dict[str, int]:
    counts = dict.fromkeys(KINDS, 0)
    for (kind, _), records in by_key.items():
        counts[kind] += len(records)
    return counts
