"""One minute of a scope's rows: which entities are unusual, and what is learned from it."""

from collections import defaultdict
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.incidents import alert_budget
from models.incidents.scores import Cells, last_of_each, learn, scores, standardised
from streams.correlate.entities import Entities
from streams.correlate.inbox import Rows, Spoken
from streams.correlate.watch import Sign, Watch
from streams.signals import LEVELS_PER_DOUBLING

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Judged(NamedTuple):
    """Entities that said something, shapes (n,): their slots, scores, and how unusual these are."""

    slots: Ints
    score: Floats
    unusual: Floats


NOTHING_JUDGED = Judged(np.empty(0, np.int64), np.empty(0), np.empty(0))


def judge(rows: Rows, entities: Entities, weight: Floats) -> Judged:
    """The scores of a scope's entities; an entity's metrics are taken by name, in whatever order they were met."""
    if not len(rows.level):
        return NOTHING_JUDGED
    rank = _ranks(rows.metric, entities)
    key = rows.entity * (rank.max() + 1) + rank
    last = last_of_each(key, rows.level)
    levels = rows.level[last] / LEVELS_PER_DOUBLING
    numbers = np.unique(rank)
    of_rank = np.empty(len(numbers))
    of_rank[rank] = weight[rows.metric]
    slots, score = scores(Cells(rows.entity[last], rank[last], levels), of_rank)
    return Judged(slots, score, standardised(entities.arrays, slots, score))


def _ranks(metric: Ints, entities: Entities) -> Ints:
    """Of each row, the place of its metric among the names of those that occur."""
    numbers, place = np.unique(metric, return_inverse=True)
    order = sorted(range(len(numbers)), key=lambda at: entities.metrics[numbers[at]])
    rank = np.empty(len(numbers), np.int64)
    rank[order] = np.arange(len(numbers))
    return rank[place]


def signs(judged: Judged, threshold: float, entities: Entities, spoken: list[Spoken]) -> dict[str, Sign]:
    """The entities that are more unusual than the threshold, with the series that speak for them."""
    above = np.flatnonzero(judged.unusual > threshold).tolist()
    found = {int(judged.slots[at]): Sign(entities.name(int(judged.slots[at])).entity) for at in above}
    for at in above:
        found[int(judged.slots[at])].score = float(judged.score[at])
    far: defaultdict[int, dict[str, float]] = defaultdict(dict)
    for each in spoken:
        if each.entity in found and abs(each.far) >= abs(far[each.entity].get(each.series, 0.0)):
            far[each.entity][each.series] = each.far
    for slot, sign in found.items():
        sign.spoken = far[slot]
    return {sign.entity: sign for sign in found.values()}


def learn_from(judged: Judged, entities: Entities, watch: Watch, *, is_ordinary: bool) -> None:
    """Learn what is usual: of entities in no incident, and of minutes in which nobody was unusual."""
    known = judged.slots.tolist()
    if watch.incidents:
        places = [at for at, slot in enumerate(known) if not watch.is_frozen(entities.name(slot).entity)]
    else:
        places = list(range(len(known)))
    learn(entities.arrays, judged.slots[places], judged.score[places])
    largest = float(judged.unusual.max(initial=-np.inf))
    if is_ordinary and np.isfinite(largest):
        alert_budget.count(watch.counts, largest)
