"""One minute of a scope's rows: which entities are unusual, and what is learned from it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.arrays import Floats, Ints
from models.incidents import alert_budget
from models.incidents.alert_budget import Largest
from models.incidents.scores import Cells, last_of_each, learn, level, scores, standardised
from streams.correlate.config import CorrelateConfig
from streams.correlate.entities import Entities
from streams.correlate.inbox import Rows, Spoken
from streams.correlate.sign import Sign
from streams.correlate.triage import Triage
from streams.signals import LEVELS_PER_DOUBLING, SPEAKING_LEVEL

UNSPOKEN_LEVEL = SPEAKING_LEVEL / LEVELS_PER_DOUBLING


class Judged(NamedTuple):
    """Entities that said something, shapes (n,): their slots, their scores, and how unusual these are.

    `score` is of all that they show, which tells causes best. What a single minute shows is often chance, so whether
    an entity is unusual is a matter of `lasting`: its score with no more of that than a row without a speaker has.
    """

    slots: Ints
    score: Floats
    lasting: Floats
    unusual: Floats


NOTHING_JUDGED = Judged(np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0))


def judge(rows: Rows, spoken: Sequence[Spoken], entities: Entities, weight: Floats) -> Judged:
    """The scores of a scope's entities; an entity's metrics are taken by name, in whatever order they were met."""
    if not len(rows.level):
        return NOTHING_JUDGED
    rank = _ranks(rows.metric, entities)
    key = rows.entity * (rank.max() + 1) + rank
    last = last_of_each(key, rows.level)
    rows, rank = rows.at(last), rank[last]
    levels = rows.level / LEVELS_PER_DOUBLING
    numbers = np.unique(rank)
    of_rank = np.empty(len(numbers))
    of_rank[rank] = weight[rows.metric]
    found = scores(Cells(rows.entity, rank, levels, _lasting(levels, rows, spoken)), of_rank)
    return Judged(*found, standardised(entities.arrays, found.entity, found.lasting))


def _lasting(levels: Floats, rows: Rows, spoken: Sequence[Spoken]) -> Floats:
    """Levels without what was seen once: of rows with a speaker its own, but not below those of rows without one."""
    far: dict[tuple[int, int], float] = {}
    for each in spoken:
        far[each.entity, each.metric] = max(abs(each.far), far.get((each.entity, each.metric), 0.0))
    if not far:
        return levels
    metrics = int(rows.metric.max()) + 1
    key = rows.entity * metrics + rows.metric
    order = np.argsort(key)
    places = order[np.searchsorted(key[order], [entity * metrics + metric for entity, metric in far])]
    lasting = levels.copy()
    lasting[places] = np.minimum(levels[places], np.maximum(level(np.array([*far.values()])), UNSPOKEN_LEVEL))
    return lasting


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


def learn_from(
    minute: int, judged: Judged, entities: Entities, triage: Triage, config: CorrelateConfig, *, has_signs: bool
) -> None:
    """Learn what is usual: of entities in no incident, and how often which threshold would open one."""
    known = judged.slots.tolist()
    if triage.incidents:
        places = [at for at, slot in enumerate(known) if not triage.is_frozen(entities.name(slot).entity)]
    else:
        places = list(range(len(known)))
    learn(entities.arrays, judged.slots[places], judged.lasting[places])
    largest = float(judged.unusual.max(initial=-np.inf))
    if np.isfinite(largest):
        is_left_out = has_signs and alert_budget.leaves_out_signs(config.per_day)
        alert_budget.count(triage.openings, Largest(minute, largest), config.quiet_minutes, is_left_out=is_left_out)
