"""Faults: why one field of a sample, or a whole message, can't be used. Values, returned where a result would be."""

from typing import NamedTuple, final

from streams.columns import Columns
from streams.rejects import RejectReason, RowReject


@final
class Fault(NamedTuple):
    """A reason from the public list, and a sentence for the person who reads the rejects topic.

    Final, so that ``type(x) is Fault`` tells it apart: the hot path asks three times per sample.
    """

    reason: RejectReason
    detail: str

    def at(self, row: int) -> RowReject:
        return RowReject(row, self.reason, self.detail)

    def of_message(self) -> Columns:
        return Columns.refused(self.reason, self.detail)


_JSON_NAMES = {
    type(None): "null",
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "a string",
    list: "an array",
    dict: "an object",
}


def missing(field: str) -> Fault:
    return Fault(RejectReason.MISSING_FIELD, f"the sample has no {field} (absent or null)")


def wrong_type(field: str, raw: object, expected: str) -> Fault:
    """Names the type and never the content: a hostile message may carry a megabyte there."""
    if raw is None:
        return missing(field)
    return Fault(RejectReason.WRONG_TYPE, f"{field} is {_JSON_NAMES[type(raw)]}, expected {expected}")
