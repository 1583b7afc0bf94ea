"""A start behind the end of a log is refused; one before its beginning is moved there."""

import pytest

from streams.runtime.log import LogBounds, Place
from streams.runtime.positions import LogTooShortError, positions_within


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
