"""What time it is: the clock says so, or, where a recording is replayed, the newest telemetry."""

from collections.abc import Callable

from streams.serve.board.board import Board
from streams.settings.serve import Now


def now_of(kind: Now, board: Board, wall_ms: Callable[[], int]) -> Callable[[], int]:
    """The time that predictions are compared with, in milliseconds since 1970."""
    return wall_ms if kind == "wall" else lambda: board.event_time_ms
