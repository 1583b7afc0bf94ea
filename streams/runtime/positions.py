"""Where reading begins, held against what the log still has."""

from collections.abc import Mapping

from structlog import get_logger

from streams.cli.errors import UserError
from streams.runtime.log import Bounds, Place

log = get_logger(__name__)


class LogTooShortError(UserError):
    """A partition ends before the offset that was reached in it: it is not the log that was read before."""


def positions_within(starts: Mapping[Place, int], bounds: Bounds, kept_in: str) -> dict[Place, int]:
    """The offsets to begin at: `starts`, or where the log begins if what is before has expired.

    Raises
    ------
    LogTooShortError
        If a log ends before the offset: nothing would be read until it has grown that far. Names each partition;
        `kept_in` says where the offsets come from.
    """
    short = [
        f"{Place(*place)} ends at offset {bounds[place].end}, but {kept_in} has reached {start}"
        for place, start in sorted(starts.items())
        if start > bounds[place].end
    ]
    if short:
        raise LogTooShortError(
            "; ".join(short) + ". The topic was deleted or lost records: bring it back,"
            " or begin anew under another topics.prefix"
        )
    return {place: still_there(place, start, bounds[place].first) for place, start in starts.items()}


def still_there(place: Place, offset: int, first: int) -> int:
    """The offset, or the log's first if that is later; says so when records that were awaited have expired."""
    if offset < first and offset > 0:
        log.error(
            "records expired before they were read; raise the topic's retention, or add workers",
            partition=str(place),
            from_offset=offset,
            to_offset=first,
        )
    return max(offset, first)
