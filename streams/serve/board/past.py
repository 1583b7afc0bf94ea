"""What was forecast one emission ahead, to be shown beside what came."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from streams.serve.board.rings import Rings

POINTS_KEPT = 24
"""Of each series: a forecast is made every so many samples, so they span more than the samples in memory."""

LEVELS = (0.1, 0.5, 0.9)
"""The ends of the band that should hold 80 % of what comes, and the median."""

_POINT = np.dtype([("t_ms", np.int64), ("q", np.float32, len(LEVELS))])


Points = npt.NDArray[np.void]


class Foretold(NamedTuple):
    """Forecasts of instants. Shapes: t_ms [n], quantiles [n, 3] at `LEVELS`."""

    t_ms: npt.NDArray[np.int64]
    quantiles: npt.NDArray[np.float32]


def foretold_by(forecast: dict[str, Any], emit_every: int) -> Points | None:
    """What a forecast says of the time when the next one is due; None where it lacks the band.

    Parameters
    ----------
    emit_every
        Steps between two forecasts of a series (`forecast.emit_every`).
    """
    ahead = [steps for steps in forecast["horizon_steps"] if steps <= emit_every]
    levels = forecast["levels"]
    if not ahead or not set(LEVELS) <= set(levels):
        return None
    quantiles = forecast["quantiles"][len(ahead) - 1]
    point = np.zeros((), _POINT)
    point["t_ms"] = forecast["origin_ms"] + ahead[-1] * forecast["step_ms"]
    point["q"] = [quantiles[levels.index(level)] for level in LEVELS]
    return point


class Past:
    """The newest such points of each series, by its number."""

    def __init__(self) -> None:
        self._rings = Rings(POINTS_KEPT, _POINT)

    def add(self, series: int, point: Points) -> None:
        """Remember what was foretold."""
        self._rings.add(series, point)

    def of(self, series: int) -> Foretold:
        """The points of a series, ascending in time; of those with the same time the one that came last."""
        points = self._rings.rows(series)[::-1]
        times, first = np.unique(points["t_ms"], return_index=True)
        return Foretold(times, points["q"][first])

    def clear(self, series: int) -> None:
        """Forget a series."""
        self._rings.clear(series)
