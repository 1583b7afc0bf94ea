"""The board of the topics, as scalers ask it."""

from collections.abc import Mapping, Sequence
from typing import Any

from streams.schema import RecordKind
from streams.serve.board.board import Board
from streams.serve.board.lists import Wanted
from streams.serve.board.search import series_matching
from streams.serve.scaling.core.newest import Sample
from streams.serve.standing import Standing


class TopicsBoard:
    """What the topics have said, once they were read to their ends."""

    def __init__(self, board: Board, standing: Standing) -> None:
        self._board = board
        self._standing = standing

    @property
    def ready(self) -> bool:
        """Whether the topics were read to their ends."""
        return self._standing.caught_up

    def forecast(self, series: str) -> Mapping[str, Any] | None:
        """The newest forecast record of a series."""
        return self._board.latest(RecordKind.FORECAST, series)

    def newest(self, series: str, count: int) -> Sequence[Sample]:
        """The newest samples of a series."""
        number = self._board.directory.number(series)
        if number is None:
            return []
        tail = self._board.history.tail(number)
        return list(zip(tail.t_ms[-count:].tolist(), tail.v[-count:].tolist(), strict=True))

    def matching(self, metric: str, labels: Mapping[str, str], limit: int) -> Sequence[str]:
        """Series of a metric with labels."""
        wanted = Wanted(metric=metric, labels=tuple(labels.items()))
        # What has expired counts, too: whether a series is out of time is not for this to tell.
        page = series_matching(self._board, wanted, None, limit, None, now_ms=0)
        return [self._board.directory.name(number) for number in page.series]
