"""How far is each series from where it usually is? Two numbers a minute, for whoever compares many series.

A slot keeps a robust centre and scale, both with a memory of an hour of one-minute samples, and of each of the last
four minutes the sample that lay furthest out. At its first sample in a new minute it tells the furthest of these, and
how far out it was in two of them at least: so a slot speaks once a minute at most, whatever its step, and what it says
follows from its own samples alone.
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Floats, Ints, Singles
from models.layout import Field, Layout, SlotBank, Slots

GAIN = 1 / 60
"""Of centre and scale: with steps of a minute they follow the last hour or so."""

YOUNG_SAMPLES = 20
"""So many samples are taken as they are, and nothing is told: the scale is not known yet."""

CLIP = 5.0
"""A sample moves centre and scale by at most so many scales, if there is one: an outlier must not become the usual."""

RELATIVE_SCALE_MIN = 0.02
"""The scale is at least this share of the centre: what barely moves is not far out when it moves a little."""

FAR_MAX = 1000.0
"""Of what left a constant. Beyond it, further is no news."""

WINDOW_MINUTES = 4
NO_MINUTE = -(2**62)

LAYOUT: Layout = (
    Field("centre", "f8", (), 0.0, "y", "robust mean"),
    Field("scale", "f8", (), 0.0, "y", "robust mean of the absolute deviation"),
    Field("count", "i4", (), 0, "samples", "samples taken, up to the memory"),
    Field("minute", "i8", (), NO_MINUTE, "minutes since 1970", "of the newest entry of far"),
    Field("open", "f4", (), 0.0, "scales", "the furthest sample since then"),
    Field("far", "f4", (WINDOW_MINUTES,), 0.0, "scales", "the furthest of each of the last minutes, newest first"),
)

assert GAIN * YOUNG_SAMPLES < 1


class Furthest(NamedTuple):
    """What slots tell: their places in the call, and how far each was out, in scales, below its centre negative.

    `far` is the furthest of the last minutes. `lasting` is the second furthest on the same side, 0 where there is none:
    what a single minute shows may be chance. A slot that was silent before has that minute alone to tell of.
    """

    places: Ints
    far: Floats
    lasting: Floats


class SignalBank(SlotBank):
    """Centres, scales and last minutes of `capacity` slots."""

    def __init__(self, capacity: int) -> None:
        super().__init__(LAYOUT, capacity)

    def update(self, slots: Slots, minute: Ints, value: Floats) -> Furthest:
        """Add one sample to each of the (distinct) slots; shapes (n,), values finite, each slot's time not falling."""
        arrays = self.arrays
        far = self._far(slots, value)
        before = arrays["open"][slots]
        furthest = np.where(np.abs(far) > np.abs(before), far.astype(np.float32), before)
        arrays["open"][slots] = furthest
        places = np.flatnonzero(minute > arrays["minute"][slots])
        if not len(places):
            return Furthest(places, np.empty(0), np.empty(0))
        return Furthest(places, *self._enter(slots[places], minute[places], furthest[places]))

    def _far(self, slots: Slots, value: Floats) -> Floats:
        """How far samples are out, and centre and scale moved by them."""
        arrays = self.arrays
        count = arrays["count"][slots]
        centre = np.where(count > 0, arrays["centre"][slots], value)
        deviation = arrays["scale"][slots]
        is_young = count < YOUNG_SAMPLES
        error = value - centre
        scale = np.maximum(deviation, RELATIVE_SCALE_MIN * np.abs(centre))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            # z = (y - m) / max(d, 0.02 abs(m)); 0 / 0 is 0
            z = np.where(error == 0.0, 0.0, error / scale)
        # e' = e clipped to 5 scales;  m += g e';  d += g (abs(e') - d);  g = max(1/60, 1/(n + 1))
        # A scale of zero limits nothing, or a series that began with zeros would have it for good.
        clipped = np.where(is_young | (scale == 0.0), error, np.clip(error, -CLIP * scale, CLIP * scale))
        gain = np.maximum(GAIN, 1.0 / (count + 1.0))
        arrays["centre"][slots] = centre + gain * clipped
        arrays["scale"][slots] = deviation + gain * (np.abs(clipped) - deviation)
        arrays["count"][slots] = np.minimum(count + 1, int(1 / GAIN))
        return np.where(is_young, 0.0, np.clip(z, -FAR_MAX, FAR_MAX))

    def _enter(self, slots: Slots, minute: Ints, furthest: Singles) -> tuple[Floats, Floats]:
        """Let a minute end; gives the furthest of the last ones, and how far two of them were."""
        arrays = self.arrays
        age = np.minimum(minute - np.maximum(arrays["minute"][slots], minute - WINDOW_MINUTES), WINDOW_MINUTES)
        place = np.arange(WINDOW_MINUTES) - age[:, None]
        window = np.where(place >= 0, np.take_along_axis(arrays["far"][slots], np.maximum(place, 0), axis=1), 0.0)
        window[:, 0] = furthest
        arrays["far"][slots] = window
        arrays["minute"][slots] = minute
        arrays["open"][slots] = 0.0
        largest = np.abs(window).argmax(axis=1)
        far = np.take_along_axis(window, largest[:, None], axis=1)[:, 0].astype(np.float64)
        ordered = np.sort(window, axis=1)
        above, below = np.maximum(ordered[:, -2], 0.0), np.minimum(ordered[:, 1], 0.0)
        lasting = np.where(above >= -below, above, below).astype(np.float64)
        return far, np.where(age >= WINDOW_MINUTES, far, lasting)
