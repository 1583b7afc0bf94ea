"""The setting `capacity[].limit.file`: a path in the configuration, limits by labels once it is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan
from typing import Annotated, NamedTuple

from pydantic import PlainSerializer, PlainValidator


class LimitEntry(NamedTuple):
    """A limit, and the labels that a series must have for it."""

    labels: frozenset[tuple[str, str]]
    limit: float


@dataclass(frozen=True, slots=True)
class LimitsFile:
    """A file of limits that was read."""

    path: str
    entries: tuple[LimitEntry, ...]

    def limit_of(self, labels: Mapping[str, str]) -> float:
        """The limit of a series: the entry with most of its labels; NaN where none fits, or two fit equally well."""
        held = labels.items()
        fitting = [entry for entry in self.entries if entry.labels <= held]
        most = max([len(entry.labels) for entry in fitting], default=0)
        best = [entry.limit for entry in fitting if len(entry.labels) == most]
        return best[0] if len(best) == 1 else nan


def _is_loaded(value: object) -> LimitsFile:
    # Settings are plain data without files: `load_settings` reads this one and puts it in the path's place.
    if not isinstance(value, LimitsFile):
        raise ValueError(f"must be the path of a file of limits, as text, got {value!r}")  # noqa: TRY004  # pydantic's
    return value


LoadedLimits = Annotated[
    LimitsFile, PlainValidator(_is_loaded), PlainSerializer(lambda file: file.path, return_type=str)
]
