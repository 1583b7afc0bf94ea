"""Refusals in order and in bounds: a message of ten thousand bad rows must not become ten thousand records."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from streams.ingest.rows import Refusal
from streams.rejects import RejectReason

LISTED_PER_MESSAGE_MAX = 20


def bounded(refusals: Sequence[Refusal]) -> Iterator[Refusal]:
    """By offset and row. Of each message the first are listed one by one, the others once for each reason."""
    ordered = sorted(refusals, key=attrgetter("offset", "row"))
    for _, of_message in groupby(ordered, key=attrgetter("offset")):
        listed = list(of_message)
        yield from listed[:LISTED_PER_MESSAGE_MAX]
        yield from _by_reason(listed[LISTED_PER_MESSAGE_MAX:])


def _by_reason(refusals: Sequence[Refusal]) -> Iterator[Refusal]:
    """The first refusal of each reason, standing for all of that reason."""
    groups: dict[RejectReason, list[Refusal]] = {}
    for refusal in refusals:
        groups.setdefault(refusal.fault.reason, []).append(refusal)
    for alike in groups.values():
        yield alike[0]._replace(rows=len(alike))
