"""Rejects: input that could not be used, with the reason and the place it came from.

A reject is a value and never an exception: it stops nothing, is counted, and goes to the rejects topic.
"""

from enum import StrEnum
from typing import NamedTuple


class RejectReason(StrEnum):
    """Why a message or a sample was refused. The values are public: they appear on the rejects topic."""

    # Decoding: a message, or one row of it, cannot be read.
    EMPTY_MESSAGE = "empty_message"
    MESSAGE_TOO_LARGE = "message_too_large"
    MALFORMED = "malformed"
    UNKNOWN_FORMAT = "unknown_format"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    TOO_MANY_ROWS = "too_many_rows"
    UNKNOWN_FIELD = "unknown_field"
    BAD_EVENT = "bad_event"
    # Validation: a row can be read but not believed.
    NOT_FINITE = "not_finite"
    VALUE_OUT_OF_RANGE = "value_out_of_range"
    TIMESTAMP_OUT_OF_RANGE = "timestamp_out_of_range"
    BAD_NAME = "bad_name"
    TOO_MANY_LABELS = "too_many_labels"
    NAME_TOO_LONG = "name_too_long"
    # Admission: the row doesn't fit the series' own time or the bank's limits.
    LATE = "late"
    SAME_STEP = "same_step"
    JUMP_AHEAD = "jump_ahead"
    BANK_FULL = "bank_full"
    # Rules: a prediction was asked for that can't be made.
    LIMIT_UNKNOWN = "limit_unknown"
    # Events: one more than can be kept in mind.
    TOO_MANY_EVENTS = "too_many_events"


class RowReject(NamedTuple):
    """One refused row of a message; `row` is its position in the message, or -1 for the whole message."""

    row: int
    reason: RejectReason
    detail: str
