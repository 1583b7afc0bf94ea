"""What one record says, as far as alerts go."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from streams.serve.alerting.severity import Severity
from streams.settings.alerting import AlertKind

Record = Mapping[str, Any]

INSTANT_MS_MAX = 32_503_680_000_000
"""The year 3000. Anybody may write to a topic, and later instants can't be written as others read them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a record says of its key at one event time.

    `enter` is the severity at which an alert would begin, `stay` the one up to which it may remain: between the two
    an alert stays as it is, so that one figure that wavers does not make it come and go.
    """

    kind: AlertKind
    key: str
    at_ms: int
    enter: Severity
    stay: Severity
    expires_at_ms: int
    entity: str
    record: Record
    since_ms: int | None = None
    """Since when it holds, where the record knows."""
    is_over: bool = False
    """It has ended, beyond doubt: nothing is waited for."""
    suppressed: bool = False
    """Nobody is to be alarmed anew."""

    def __post_init__(self) -> None:
        assert self.enter <= self.stay
        for instant_ms in (self.at_ms, self.expires_at_ms, self.since_ms or 0):
            if not 0 <= instant_ms <= INSTANT_MS_MAX:
                raise ValueError(f"is no instant: {instant_ms!r}")
