"""What every part of `foreshock serve` is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from streams.serve.api.auth import GuestList, guests_of
from streams.serve.board.board import Board
from streams.serve.board.history import Samples
from streams.serve.board.incoming import Incoming
from streams.serve.scaling.core.desk import Desk
from streams.serve.scaling.topics_board import TopicsBoard
from streams.serve.standing import Standing
from streams.settings.model import Settings


class TooManySamplesError(Exception):
    """What is asked for would take too long to read."""


class OlderSamples(Protocol):
    """Reads samples that are no longer in memory."""

    async def __call__(self, series: str, entity: str, since_ms: int, before_ms: int) -> Samples:
        """The samples of a series from one time to before another.

        Raises
        ------
        TooManySamplesError
            If there is too much to read through.
        """


Tap = Callable[[Sequence[Incoming]], None]
"""Is given all records that the board is given, after it."""


@dataclass(frozen=True)
class ServeContext:
    """The settings, what the topics have said, what time it is, how far reading has come, and who else listens."""

    settings: Settings
    board: Board
    now_ms: Callable[[], int]
    standing: Standing = field(default_factory=Standing)
    older_samples: OlderSamples | None = None
    taps: list[Tap] = field(default_factory=list)

    @cached_property
    def guest_list(self) -> GuestList:
        """Who may ask, by HTTP and gRPC.

        Raises
        ------
        TokensFileError
            If `serve.tokens_file` can't be used.
        """
        return GuestList(guests_of(self.settings.serve))

    @cached_property
    def desk(self) -> Desk:
        """What autoscalers are told: one for HTTP and gRPC, since it remembers what it has said."""
        return Desk(self.settings.scalers, TopicsBoard(self.board, self.standing))
