"""How forecasts fare, over all series: gone through a few at a time, so that a scrape costs nothing.

By metric, of which only those with the most series are told apart: what scrapers store must not grow with the fleet.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import orjson

from streams.serve.board.board import Board
from streams.serve.board.gist import ListName
from streams.serve.board.shelf import Shelf

METRICS_MAX = 50
OTHERS = "other"
"""The metric of all that are not told apart."""
QUANTILES = (0.1, 0.5, 0.9)

SLICE = 500
"""Records that are read in one go: about two milliseconds."""
EVERY_S = 60.0

ByMetric = Mapping[tuple[str, float], float]
"""A figure by metric and quantile."""


class Survey(NamedTuple):
    """Quantiles over the series of a metric."""

    skill: ByMetric
    coverage: ByMetric


NOTHING = Survey({}, {})


def survey_of(records: Iterable[Mapping[str, Any]]) -> Survey:
    """Go through records of the kind `quality`; those of which nothing is known yet don't count."""
    skills: dict[str, list[float]] = {}
    coverages: dict[str, list[float]] = {}
    for record in records:
        if record["skill"] is not None and record["coverage_80"] is not None:
            skills.setdefault(record["metric"], []).append(record["skill"])
            coverages.setdefault(record["metric"], []).append(record["coverage_80"])
    # By name where there are as many, so that two processes tell the same ones apart.
    named = set(sorted(skills, key=lambda metric: (-len(skills[metric]), metric))[:METRICS_MAX])
    return Survey(_quantiles(skills, named), _quantiles(coverages, named))


def _quantiles(figures: Mapping[str, list[float]], named: set[str]) -> ByMetric:
    together: dict[str, list[float]] = {}
    for metric, values in figures.items():
        together.setdefault(metric if metric in named else OTHERS, []).extend(values)
    return {
        (metric, quantile): float(value)
        for metric, values in together.items()
        for quantile, value in zip(QUANTILES, np.quantile(values, QUANTILES), strict=True)
    }


class Surveyor:
    """Keeps the newest survey."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self.survey = NOTHING

    async def run(self) -> None:
        """Go round, for as long as the task lives."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY_S)

    async def look(self) -> None:
        """Go round once."""
        shelf = self._board.shelves[ListName.QUALITY]
        seen: list[Mapping[str, Any]] = []
        for values in _slices(shelf):
            for value in values:
                fields = orjson.loads(value)
                seen.append({name: fields[name] for name in ("metric", "skill", "coverage_80")})
            await asyncio.sleep(0)
        self.survey = survey_of(seen)


def _slices(shelf: Shelf) -> Iterator[list[bytes]]:
    """The records, as they are when their turn comes."""
    keys = [shelf.at(slot).key for slot in np.flatnonzero(shelf.live()).tolist()]
    for begin in range(0, len(keys), SLICE):
        yield [value for key in keys[begin : begin + SLICE] if (value := shelf.value(key)) is not None]
