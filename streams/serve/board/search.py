"""Series by metric, labels, text and quality, in the order of the alphabet."""

from bisect import bisect_right
from typing import NamedTuple

import numpy as np

from streams.schema import ForecastQuality
from streams.serve.board.board import Board
from streams.serve.board.directory import Mask
from streams.serve.board.gist import ListName
from streams.serve.board.lists import Wanted, subject_mask


class SeriesPage(NamedTuple):
    """Some series by their numbers, and the name of the last one if there are more."""

    series: list[int]
    next: str | None


def series_matching(
    board: Board, wanted: Wanted, quality: str | None, limit: int, after: str | None, now_ms: int
) -> SeriesPage:
    """The first series after a name."""
    names, numbers = board.directory.in_order()
    start = 0 if after is None else bisect_right(names, after)
    mask = wanted_series(board, wanted, quality, now_ms)
    ahead = numbers[start:]
    found = ahead[mask[ahead]][: limit + 1].tolist()
    more = len(found) > limit
    return SeriesPage(found[:limit], board.directory.name(found[limit - 1]) if more else None)


def wanted_series(board: Board, wanted: Wanted, quality: str | None, now_ms: int) -> Mask:
    """Which numbers are of such series."""
    masks = [board.directory.series(), board.subjects.shown(), subject_mask(board, wanted)]
    if quality is not None:
        masks.append(with_quality(board, ForecastQuality(quality), now_ms))
    wanted_all: Mask = np.logical_and.reduce([mask for mask in masks if mask is not None])
    return wanted_all


def with_quality(board: Board, quality: ForecastQuality, now_ms: int) -> Mask:
    """Which series have a forecast of that quality now: one that has expired is stale, whatever it says itself."""
    shelf = board.shelves[ListName.FORECASTS]
    columns = shelf.columns
    says = columns.state == shelf.states.known(quality)
    expired = columns.expires_at_ms < now_ms
    fits = (says | expired) if quality is ForecastQuality.STALE else (says & ~expired)
    mask = np.zeros(board.directory.size, np.bool_)
    mask[columns.subject[fits & shelf.live()]] = True
    return mask
