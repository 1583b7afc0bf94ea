"""Waves: rows in log order, cut so that a wave holds at most one row of each group and groups keep their order.

A group is a series, or the series of one entity that a rule ties together. Groups do not see each other, so applying
wave after wave gives what applying row after row gives, whatever the batch.
"""

from collections.abc import Iterator

import numpy as np

from models.arrays import Ints


def waves(group: Ints) -> Iterator[Ints]:
    """Positions of each wave's rows, ascending; `group` [n] is given in log order."""
    if not len(group):
        return
    rank = _rank_within(group)
    order = np.argsort(rank, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(rank[order])) + 1)


def _rank_within(group: Ints) -> Ints:
    """How many earlier rows have the same group."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    lengths = np.diff(np.append(starts, len(group)))
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(starts, lengths)
    return rank
