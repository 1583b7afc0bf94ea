"""Instants as people write them (RFC 3339), held as milliseconds since 1970."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def parse_instant(value: object) -> int:
    """Read an instant into milliseconds since 1970: RFC 3339 text, or the datetime YAML made of it.

    Raises
    ------
    ValueError
        If it is no instant, or does not say its offset from UTC.
    """
    instant = _datetime_of(value)
    if instant.tzinfo is None:
        raise ValueError(f"must say its offset from UTC, as in 2000-01-01T00:00:00Z; got {str(value)!r}")
    return (instant - _EPOCH) // _MILLISECOND


def format_instant(instant_ms: int) -> str:
    """Write an instant as `parse_instant` reads it."""
    return (_EPOCH + instant_ms * _MILLISECOND).isoformat().replace("+00:00", "Z")


InstantMs = Annotated[int, BeforeValidator(parse_instant), PlainSerializer(format_instant, when_used="json")]
"""A field's type: written as an instant (`parse_instant`), held as milliseconds since 1970."""


def _datetime_of(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(value)  # type: ignore[arg-type]  # whatever it is, it is refused below
    except (TypeError, ValueError):
        raise ValueError(f"is not an instant: {str(value)!r}; write it as 2000-01-01T00:00:00Z") from None
