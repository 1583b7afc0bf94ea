"""Pages of a list: what holds first, then what has expired, each in the order of the list.

A page begins after a place, which is a rank and a tie and no number of a row: it stays right while rows come, go and
move. A row that moves from one side of the place to the other in between may be seen twice, or on the next round.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

from streams.schema import RecordKind
from streams.serve.board.board import Board
from streams.serve.board.directory import Mask, Pair, labels_have
from streams.serve.board.gist import ListName
from streams.serve.board.severity import Severity
from streams.serve.board.shelf import KINDS, Kept, Shelf

SLOTS_AT_ONCE = 4_096
"""The first page of a list seldom needs more."""

Slots = npt.NDArray[np.int32]


class Place(NamedTuple):
    """A place in a list: after the rows that have expired or not, with such a rank, and of those with such a tie."""

    stale: bool
    rank: float
    tie: float


class Row(NamedTuple):
    """A record of a list, its subject's number, and whether it has expired."""

    record: Kept
    subject: int
    stale: bool


class Page(NamedTuple):
    """Some rows, and the place of the last one if there are more."""

    rows: list[Row]
    next: Place | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of a list; what is not given cuts nothing down.

    Attributes
    ----------
    labels
        Pairs that a row's subject, or an entity of an incident, must have.
    metric
        A glob pattern of the metric.
    text
        Words that occur in the metric or the labels.
    since_ms
        Rows that were made at this time or later.
    """

    labels: tuple[Pair, ...] = ()
    metric: str | None = None
    text: str | None = None
    states: tuple[str, ...] = ()
    severity: Severity | None = None
    rule: str | None = None
    kinds: tuple[RecordKind, ...] = ()
    since_ms: int | None = None


def ranked(board: Board, name: ListName, wanted: Wanted, limit: int, after: Place | None, now_ms: int) -> Page:
    """The first rows of a list after a place."""
    shelf = board.shelves[name]
    fits = _filter(board, shelf, wanted)
    rows: list[Row] = []
    for stale in (False, True):
        if after is not None and after.stale > stale:
            continue
        start = after if after is not None and after.stale == stale else None
        for slots in _from(shelf, start):
            kept = slots[(shelf.columns.expires_at_ms[slots] < now_ms) == stale]
            found = kept[fits(kept)][: limit + 1 - len(rows)].tolist()
            rows += [Row(shelf.at(slot), int(shelf.columns.subject[slot]), stale) for slot in found]
            if len(rows) > limit:
                return Page(rows[:limit], _place(shelf, rows[limit - 1]))
    return Page(rows, None)


def count(board: Board, name: ListName, wanted: Wanted) -> int:
    """How many rows of a list there are."""
    shelf = board.shelves[name]
    slots = np.flatnonzero(shelf.live()).astype(np.int32)
    return int(np.count_nonzero(_filter(board, shelf, wanted)(slots)))


def subject_mask(board: Board, wanted: Wanted) -> Mask | None:
    """Which names of the directory fit; None stands for all."""
    masks = [board.directory.having(wanted.labels)]
    if wanted.metric is not None:
        masks.append(board.directory.with_metric(wanted.metric))
    if wanted.text is not None:
        masks.append(board.directory.with_text(wanted.text))
    given = [mask for mask in masks if mask is not None]
    return np.logical_and.reduce(given) if given else None


def parsed(row: Row) -> dict[str, object]:
    """A row's record as it was published."""
    fields: dict[str, object] = orjson.loads(row.record.value)
    return fields


def _place(shelf: Shelf, row: Row) -> Place:
    slot = row.record.slot
    return Place(row.stale, float(shelf.columns.rank[slot]), float(shelf.columns.tie[slot]))


def _from(shelf: Shelf, after: Place | None) -> Iterator[Slots]:
    """The slots of a list in their order, some at a time, from after a place on."""
    places, slots = shelf.order()
    start = 0 if after is None else int(np.searchsorted(places, complex(after.rank, after.tie), side="right"))
    for begin in range(start, len(slots), SLOTS_AT_ONCE):
        yield slots[begin : begin + SLOTS_AT_ONCE]


def _filter(board: Board, shelf: Shelf, wanted: Wanted) -> Callable[[Slots], npt.NDArray[np.bool_]]:
    """What tells of slots whether their rows are wanted."""
    columns = shelf.columns
    states = [shelf.states.known(state) for state in wanted.states]
    kinds = [KINDS.index(kind) for kind in wanted.kinds]
    tests: list[Callable[[Slots], npt.NDArray[np.bool_]]] = []
    if states:
        tests.append(lambda slots: np.isin(columns.state[slots], states))
    if kinds:
        tests.append(lambda slots: np.isin(columns.kind[slots], kinds))
    if wanted.severity is not None:
        severity = int(wanted.severity)
        tests.append(lambda slots: columns.severity[slots] == severity)
    if wanted.rule is not None:
        rule = shelf.rules.known(wanted.rule)
        tests.append(lambda slots: columns.rule[slots] == rule)
    if wanted.since_ms is not None:
        since_ms = wanted.since_ms
        tests.append(lambda slots: columns.origin_ms[slots] >= since_ms)
    tests.extend(_of_subjects(board, shelf, wanted))
    return lambda slots: np.logical_and.reduce([np.ones(len(slots), np.bool_), *[test(slots) for test in tests]])


def _of_subjects(board: Board, shelf: Shelf, wanted: Wanted) -> Iterator[Callable[[Slots], npt.NDArray[np.bool_]]]:
    if shelf is board.shelves[ListName.INCIDENTS]:
        if wanted.labels:
            yield lambda slots: np.array([_has_member(board, shelf, slot, wanted) for slot in slots.tolist()], np.bool_)
        return
    mask = subject_mask(board, wanted)
    if mask is not None:
        yield lambda slots: mask[shelf.columns.subject[slots]]


def _has_member(board: Board, shelf: Shelf, slot: int, wanted: Wanted) -> bool:
    return any(labels_have(member, wanted.labels) for member in board.members.get(shelf.at(slot).key, ()))
