"""A partition that lags and delivers nothing is sought again, with growing patience; any progress forgets it."""

from streams.runtime.log import Place
from streams.runtime.stalls import STALL_CHECKS, STALL_CHECKS_BESIDE_OTHERS, Reading, StallFinder

SAMPLES = Place("samples", 0)


def checks(finder: StallFinder, number: int, offset: int = 5, end: int = 9) -> list[int]:
    """The checks, counted from 1, at which the partition was found stalled."""
    return [
        check for check in range(1, number + 1) if list(finder.stalled({SAMPLES: offset}, Reading({SAMPLES: end}), 0))
    ]


def test_a_stalled_partition_is_sought_again_with_doubling_patience() -> None:
    first = 1 + STALL_CHECKS  # the first look only notes where it is
    assert checks(StallFinder(), 30) == [first, first + 2 * STALL_CHECKS, first + 6 * STALL_CHECKS]


def test_a_partition_without_lag_is_not_stalled() -> None:
    assert checks(StallFinder(), 30, offset=9) == []


def test_a_log_whose_end_is_unknown_is_not_stalled() -> None:
    finder = StallFinder()
    assert [list(finder.stalled({SAMPLES: 5}, Reading({}), 0)) for _ in range(10)] == [[]] * 10


def test_progress_starts_the_count_anew() -> None:
    finder = StallFinder()
    checks(finder, STALL_CHECKS, offset=5)
    assert checks(finder, STALL_CHECKS, offset=6) == []


def test_beside_others_that_go_on_a_partition_is_given_more_time() -> None:
    finder, other = StallFinder(), Place("samples", 1)
    ends = Reading({SAMPLES: 9, other: 99})
    found = [list(finder.stalled({SAMPLES: 5, other: n}, ends, n)) for n in range(20)]
    assert [n for n, places in enumerate(found) if places] == [STALL_CHECKS_BESIDE_OTHERS]


def test_what_waits_for_its_turn_is_left_alone_while_batches_are_taken() -> None:
    finder, reading = StallFinder(), Reading({SAMPLES: 9}, {SAMPLES})
    assert not any(list(finder.stalled({SAMPLES: 5}, reading, taken)) for taken in range(50))
    # Nobody takes any: the queue may have been emptied.
    found = [list(finder.stalled({SAMPLES: 5}, reading, 49)) for _ in range(STALL_CHECKS)]
    assert found == [[]] * (STALL_CHECKS - 1) + [[SAMPLES]]


def test_what_was_passed_over_waits_no_more() -> None:
    finder, other = StallFinder(), Place("samples", 1)
    ends = {SAMPLES: 9, other: 99}
    found = [list(finder.stalled({SAMPLES: 5, other: n}, Reading(ends, {other}), n)) for n in range(20)]
    assert [n for n, places in enumerate(found) if places] == [STALL_CHECKS_BESIDE_OTHERS]
