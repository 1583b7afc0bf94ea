"""What a scaler needs to know of the topics."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from streams.serve.scaling.core.newest import Sample


class Board(Protocol):
    """What the topics have said, as far as scalers are concerned."""

    @property
    def ready(self) -> bool:
        """Whether the topics have been read to their ends once."""
        ...

    def forecast(self, series: str) -> Mapping[str, Any] | None:
        """The newest forecast record of a series; None where there is none, or its key has ended."""
        ...

    def newest(self, series: str, count: int) -> Sequence[Sample]:
        """Up to so many of the newest samples of a series, in the order of time."""
        ...

    def matching(self, metric: str, labels: Mapping[str, str], limit: int) -> Sequence[str]:
        """Series that have a forecast, whose metric fits a pattern and that have these labels; at most `limit`."""
        ...
