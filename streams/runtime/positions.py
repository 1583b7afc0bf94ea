"""Where reading begins, held against what the log still has."""

from collections.abc import Mapping

from structlog import get_logger

from streams.cli.errors import ExitCode, UserError
from streams.runtime.log import Bounds, Committed, Place

log = get_logger(__name__)


class LogTooShortError(UserError):
    """A partition ends before the offset that was reached in it: it is not the log that was read before."""


class OtherLogError(UserError):
    """A topic was deleted and made again: what was reached in the one before says nothing of this one."""

    exit_code = ExitCode.USAGE


def of_these_logs(committed: Mapping[Place, Committed | None], bounds: Bounds) -> dict[Place, int | None]:
    """The group's offsets; None where there is none, or where it is one of a log that is no more."""
    offsets: dict[Place, int | None] = {}
    for place, known in committed.items():
        is_gone = known is not None and is_other(known.topic_id, bounds[place].topic_id)
        offsets[place] = None if known is None or is_gone else known.offset
        if known is not None and is_gone:
            log.warning(
                "the topic was deleted and made again; it is read from its beginning",
                partition=str(place),
                reached_before=known.offset,
            )
    return offsets


def is_other(topic_id: str, current_id: str) -> bool:
    """Whether two ids say that a topic was made anew; where either is missing nobody can say so."""
    return bool(topic_id and current_id) and topic_id != current_id


def refuse_other_log(place: Place, topic_id: str, current_id: str, kept_in: str) -> None:
    """See that a state was made from the log that is there now.

    Raises
    ------
    OtherLogError
        If it was made from one before.
    """
    if is_other(topic_id, current_id):
        raise OtherLogError(
            f"topic {place.topic} was deleted and made again (id {current_id}): {kept_in} holds the state that was made"
            f" from the one before (id {topic_id}). To begin anew, delete that topic too, or set another topics.prefix"
        )


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
