"""What a codec makes of one message: columns of samples, and the rows it refused."""

from dataclasses import dataclass, field

from streams.rejects import RejectReason, RowReject
from streams.series import SeriesKey


@dataclass(slots=True)
class Columns:
    """Samples of one message, column by column; the five lists are of equal length.

    `row` is the sample's position in the message (0-based, rejects included, so that coordinates stay stable).
    `value` may still be NaN or infinite and `timestamp_ms` absurd: validation is vectorised, after the codec.
    """

    series: list[SeriesKey] = field(default_factory=list)
    timestamp_ms: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    rejects: list[RowReject] = field(default_factory=list)

    @classmethod
    def refused(cls, reason: RejectReason, detail: str, row: int = -1) -> "Columns":
        """A message of which nothing could be used."""
        return cls(rejects=[RowReject(row, reason, detail)])
