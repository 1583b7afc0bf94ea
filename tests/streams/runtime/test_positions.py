"""A start behind the end of a log is refused; one before its beginning is moved there."""

import pytest

from streams.cli.errors import ExitCode
from streams.runtime.log import Committed, LogBounds, Place
from streams.runtime.positions import (
    LogTooShortError,
    OtherLogError,
    of_these_logs,
    positions_within,
    refuse_other_log,
)


def test_starts_within_the_log_stay() -> None:
    starts = {Place("a", 0): 0, Place("a", 1): 7}
    assert (
        positions_within(starts, {Place("a", 0): LogBounds(0, 0), Place("a", 1): LogBounds(2, 7)}, "the state")
        == starts
    )


def test_what_has_expired_is_skipped() -> None:
    assert positions_within({Place("a", 0): 3}, {Place("a", 0): LogBounds(5, 9)}, "the state") == {Place("a", 0): 5}


def test_every_log_that_is_too_short_is_named() -> None:
    starts = {Place("a", 0): 8, Place("a", 1): 7, Place("b", 2): 1}
    bounds = {Place("a", 0): LogBounds(0, 7), Place("a", 1): LogBounds(0, 7), Place("b", 2): LogBounds(0, 0)}
    with pytest.raises(LogTooShortError, match=r"a\[0\] ends at offset 7, but the state has reached 8; b\[2\]"):
        positions_within(starts, bounds, "the state")


@pytest.mark.parametrize(
    ("committed", "topic_id", "offset"),
    [
        (None, "new", None),
        (Committed(7, "new"), "new", 7),
        (Committed(7, "old"), "new", None),
        (Committed(7, ""), "new", 7),  # by an earlier release
        (Committed(7, "old"), "", 7),  # the broker does not say
    ],
)
def test_an_offset_of_a_log_that_is_no_more_is_none(
    committed: Committed | None, topic_id: str, offset: int | None
) -> None:
    place = Place("a", 0)
    assert of_these_logs({place: committed}, {place: LogBounds(0, 9, topic_id)}) == {place: offset}


def test_a_state_of_another_log_is_refused() -> None:
    place = Place("x.samples", 1)
    with pytest.raises(OtherLogError, match=r"x\.samples was deleted and made again \(id new\).* x-state ") as caught:
        refuse_other_log(place, "old", "new", "x-state")
    assert caught.value.exit_code == ExitCode.USAGE
    for before, now in [("old", "old"), ("", "new"), ("old", "")]:
        refuse_other_log(place, before, now, "x-state")
