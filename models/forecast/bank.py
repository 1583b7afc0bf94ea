"""The forecast bank: every series of a partition in one struct of arrays.

Slots are handed out by the pipeline; the bank knows arrays only. A call takes slots that are all different, and what a
slot gets does not depend on which others are in the call (`tests/models/forecast/test_contract.py`).
"""

import numpy as np
import numpy.typing as npt

from models.forecast import experts, origins, quality, robust, surprise
from models.forecast.horizons import Between, Horizons
from models.forecast.quality import Quality
from models.forecast.residuals import WindowQuantiles
from models.layout import Arrays, Layout, Slots, allocate, grow, pack_rows, reset_rows, row_bytes, unpack_rows

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

START_CAPACITY = 64

# Slots forecast at a time: their windows of errors stay in the processor's cache, and the memory of a call bounded.
_CHUNK = 256


class ForecastBank:
    """Rolling probabilistic forecasts of many series.

    Parameters
    ----------
    horizon_steps
        The longest horizon forecast.
    levels
        Quantile levels, increasing, in (0, 1).
    """

    def __init__(self, horizon_steps: int, levels: Floats) -> None:
        self.horizons = Horizons(horizon_steps)
        self.levels = np.asarray(levels, np.float64)
        self._window_quantiles = WindowQuantiles(self.levels)
        self.layout: Layout = (
            *experts.LAYOUT,
            *robust.LAYOUT,
            *surprise.LAYOUT,
            *origins.layout(len(self.horizons.anchors)),
            *quality.layout(len(self.horizons.anchors)),
        )
        self.state: Arrays = allocate(self.layout, START_CAPACITY)

    @property
    def capacity(self) -> int:
        """Slots there is room for now."""
        return len(self.state["count"])

    @property
    def slot_bytes(self) -> int:
        """Bytes of state per series."""
        return row_bytes(self.layout)

    def reserve(self, slots: int) -> None:
        """Make room for at least so many slots."""
        if slots > self.capacity:
            self.state = grow(self.state, self.layout, max(slots, 2 * self.capacity))

    def clear(self, slots: Slots) -> None:
        """Forget these slots: they wait for `start` again."""
        reset_rows(self.state, self.layout, slots)

    def start(self, slots: Slots, step_ms: Ints, step: Ints, value: Floats) -> None:
        """Begin series in `slots`, whatever was there before, on a grid of `step_ms`, at their first sample's step."""
        reset_rows(self.state, self.layout, slots)
        experts.start(self.state, slots, step_ms, step, value)

    def update(self, slots: Slots, step: Ints, value: Floats) -> Floats:
        """Learn one sample each.

        Parameters
        ----------
        slots
            Different slots, shape [n], each begun by `start`.
        step
            Step index of each sample, above the slot's last one.
        value
            Finite values.

        Returns
        -------
        array
            Anomaly score of each sample in [0, 1], known at the sample.
        """
        score = surprise.score(self.state, slots, value)
        origins.score(self.state, slots, step, value, self.horizons)
        experts.learn(self.state, slots, step, robust.clip(self.state, slots, value))
        origins.open_origins(self.state, slots, step, self.horizons)
        return score

    def forecast(self, slots: Slots, origin_step: Ints, horizons: Ints) -> Floats:
        """Quantiles at `horizons` steps after `origin_step`, which is not before the series' last sample.

        Parameters
        ----------
        slots
            Shape [n].
        origin_step
            Step index of the origins, shape [n].
        horizons
            Steps after the origin, at least 1, shape [k].

        Returns
        -------
        array
            Shape [n, k, levels], sorted along the last axis.
        """
        quantiles = np.empty((len(slots), len(horizons), len(self.levels)))
        for first in range(0, len(slots), _CHUNK):
            part = slice(first, first + _CHUNK)
            quantiles[part] = self._forecast(slots[part], origin_step[part], horizons)
        return quantiles

    def quality(self, slots: Slots) -> Quality:
        """How the forecasts of these slots fared so far, beside those of seasonal naive."""
        return quality.read(self.state, slots)

    def pack(self, start: int, stop: int) -> bytes:
        """Slots [start, stop) as bytes."""
        return pack_rows(self.state, self.layout, start, stop)

    def unpack(self, start: int, stop: int, payload: bytes) -> None:
        """Put back what `pack` made of as many slots."""
        self.reserve(stop)
        unpack_rows(self.state, self.layout, start, stop, payload)

    def _forecast(self, slots: Slots, origin_step: Ints, horizons: Ints) -> Floats:
        at = self.horizons.between(horizons)
        ahead = (origin_step - self.state["last_step"][slots])[:, None] + horizons
        weight = [_interpolated(w, at, at.share) for w in origins.weights(self.state, slots)]
        point = origins.combine(experts.points(self.state, slots, ahead), weight)
        spread = origins.error_quantiles(self.state, slots, self.horizons.anchors, self._window_quantiles)
        return origins.bands(self.state, slots, point, _interpolated(spread, at, at.share[:, None]))


def _interpolated(at_anchors: Floats, at: Between, share: Floats) -> Floats:
    """Values [n, k, ...] between those at the anchors, [n, anchors, ...]; `share` is that of `at`, to broadcast."""
    return (1.0 - share) * at_anchors[:, at.left] + share * at_anchors[:, at.right]
