"""Moments on the command line: RFC 3339, or as far from now as a duration says."""

from streams.settings.durations import parse_duration
from streams.settings.instants import parse_instant

NOW = "now"


def parse_moment(text: str, now_ms: int) -> int:
    """Read a moment into milliseconds since 1970: ``now``, ``-10m``, ``+2h``, or RFC 3339.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    if text == NOW:
        return now_ms
    if text[:1] in ("+", "-"):
        away_ms = parse_duration(text[1:])
        return now_ms + away_ms if text[0] == "+" else now_ms - away_ms
    try:
        return parse_instant(text)
    except ValueError as error:
        raise ValueError(f"{error}, or as {NOW}, -10m or +2h") from error
