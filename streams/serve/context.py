"""What every part of `foreshock serve` is given."""

from collections.abc import Callable
from dataclasses import dataclass, field

from streams.serve.board.board import Board
from streams.serve.standing import Standing
from streams.settings.model import Settings


@dataclass(frozen=True)
class ServeContext:
    """The settings, what the topics have said, what time it is, and how far reading has come."""

    settings: Settings
    board: Board
    now_ms: Callable[[], int]
    standing: Standing = field(default_factory=Standing)
