"""How unusual is what an entity's series say together? In deviations of that entity's own past.

An entity's score of a minute is the sum, over its metrics, of how far they are out beyond what is common: on a scale of
powers of two, so that one metric far out doesn't outweigh several. What lasts for more than a minute is added up by
itself: a single sample is often chance, and then tells no more than that something may be the matter.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.arrays import Floats, Ints
from models.layout import Arrays, Field, Layout, Slots

GAIN = 1 / 240
CLIP = 3.0
DEVIATION_MIN = 1.0
"""An entity whose score never moves is not unusual when it moves by less than a doubling or two."""

YOUNG_MINUTES = 30
"""An entity's first minutes are learned from and judge nothing."""

COMMON_MIN = 4
"""So many entities must have a metric for what is common to them to be told from what one of them does."""

LAYOUT: Layout = (
    Field("mean", "f8", (), 0.0, "-", "of the entity's score"),
    Field("variance", "f8", (), 1.0, "-", "of the entity's score"),
    Field("minutes", "i4", (), 0, "minutes", "learned from, up to the memory"),
    Field("seen_minute", "i8", (), 0, "minutes since 1970", "of the last score"),
)


def level(far: Floats) -> Floats:
    """How far something is out, in doublings: 0 at its usual place, 1 at one scale, 10 at a thousand."""
    # l = log2(1 + abs(z))
    return np.log2(1.0 + np.abs(far))


def last_of_each(key: Ints, levels: npt.NDArray[np.generic]) -> Ints:
    """Of each key, ascending, the place of its largest level; of equal levels the last. Shapes (n,), keys from 0."""
    order = np.argsort(key, kind="stable")
    ends = np.diff(key[order], append=-1) != 0
    if not ends.all():
        order = np.lexsort((levels, key))
    found: Ints = order[ends]
    return found


class Cells(NamedTuple):
    """Levels of entities' metrics in one minute, shapes (n,): sorted by entity, then metric, each pair once.

    `lasting` is what a level comes to without what only one minute shows: at most as much.
    """

    entity: Ints
    metric: Ints
    level: Floats
    lasting: Floats


class Scores(NamedTuple):
    """Entities, ascending, and their scores, shapes (n,): of all that they show, and of what lasts of it."""

    entity: Ints
    score: Floats
    lasting: Floats


def scores(cells: Cells, weight: Floats) -> Scores:
    """The scores of the cells' entities, of which there are some.

    Parameters
    ----------
    weight
        Of each metric, by its number.
    """
    excess = beyond_common(cells)
    steady = np.maximum(0.0, excess - (cells.level - cells.lasting))
    entities, first = np.unique(cells.entity, return_index=True)
    of_cell = weight[cells.metric]
    return Scores(entities, np.add.reduceat(excess * of_cell, first), np.add.reduceat(steady * of_cell, first))


def beyond_common(cells: Cells) -> Floats:
    """Each cell's level less the median of its metric over the entities, at least 0."""
    # x = max(0, l - median over the entities of l)
    order = np.argsort(cells.metric, kind="stable")
    bounds = np.flatnonzero(np.diff(cells.metric[order], prepend=-1))
    excess = cells.level.copy()
    for start, stop in zip(bounds.tolist(), [*bounds[1:].tolist(), len(order)], strict=True):
        if stop - start >= COMMON_MIN:
            places = order[start:stop]
            excess[places] = np.maximum(0.0, cells.level[places] - np.median(cells.level[places]))
    return excess


def standardised(arrays: Arrays, slots: Slots, score: Floats) -> Floats:
    """How many of its own deviations each entity's score is above its own mean; -inf while it is young."""
    deviation = np.maximum(np.sqrt(arrays["variance"][slots]), DEVIATION_MIN)
    # u = (x - mu) / max(sigma, 1)
    unusual = (score - arrays["mean"][slots]) / deviation
    return np.where(arrays["minutes"][slots] < YOUNG_MINUTES, -np.inf, unusual)


def learn(arrays: Arrays, slots: Slots, score: Floats) -> None:
    """Move mean and variance of these entities."""
    mean, variance, minutes = arrays["mean"][slots], arrays["variance"][slots], arrays["minutes"][slots]
    reach = CLIP * np.maximum(np.sqrt(variance), DEVIATION_MIN)
    # e = x - mu, clipped to 3 sigma;  mu += g e;  v = (1 - g) (v + g e^2);  g = max(1/240, 1/(n + 2))
    error = np.clip(score - mean, -reach, reach)
    gain = np.maximum(GAIN, 1.0 / (minutes + 2.0))
    arrays["mean"][slots] = mean + gain * error
    arrays["variance"][slots] = (1.0 - gain) * (variance + gain * error * error)
    arrays["minutes"][slots] = np.minimum(minutes + 1, int(1 / GAIN))
