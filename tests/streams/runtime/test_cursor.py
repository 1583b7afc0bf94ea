"""Whatever is lost or repeated on the way, every record of the log is applied once and in order."""

import random
from bisect import bisect_left

from hypothesis import given
from hypothesis import strategies as st

from streams.records import InputRecord
from streams.runtime.batches import RecordBatch
from streams.runtime.cursor import Cursor, Decision
from streams.runtime.log import Place

SAMPLES = Place("samples", 0)


def batch(*offsets: int, start: int | None = None, place: Place = SAMPLES) -> RecordBatch:
    return RecordBatch(place, offsets[0] if start is None else start, [InputRecord(offset, b"") for offset in offsets])


def cursor_at(offset: int) -> Cursor:
    cursor = Cursor()
    cursor.start({SAMPLES: offset})
    return cursor


def offsets_of(decision: Decision) -> list[int]:
    return [record.offset for record in decision.records]


def test_batches_that_join_are_applied_whole() -> None:
    cursor = cursor_at(5)
    assert offsets_of(cursor.decide(batch(5, 6))) == [5, 6]
    assert offsets_of(cursor.decide(batch(7))) == [7]
    assert cursor.positions() == {SAMPLES: 8}


def test_what_came_already_is_cut_off() -> None:
    cursor = cursor_at(5)
    assert cursor.decide(batch(3, 4)) == Decision([])
    assert offsets_of(cursor.decide(batch(3, 4, 5, 6))) == [5, 6]


def test_a_lost_batch_is_sought_once_however_many_are_on_their_way() -> None:
    cursor = cursor_at(5)
    assert cursor.decide(batch(8, 9)) == Decision([], seek_to=5)
    assert cursor.decide(batch(10, 11)) == Decision([])
    assert offsets_of(cursor.decide(batch(5, 6, 7))) == [5, 6, 7]
    assert offsets_of(cursor.decide(batch(8, 9))) == [8, 9]


def test_a_batch_lost_again_is_never_passed_over() -> None:
    cursor = cursor_at(5)
    cursor.decide(batch(8, 9))
    assert cursor.decide(batch(8, 9)) == Decision([])
    assert cursor.positions() == {SAMPLES: 5}


def test_holes_of_the_log_itself_are_passed_over() -> None:
    cursor = cursor_at(5)
    assert offsets_of(cursor.decide(batch(8, 11, start=5))) == [8, 11]
    assert offsets_of(cursor.decide(batch(20, start=12))) == [20]


def test_an_expired_beginning_is_skipped_and_never_gone_back_to() -> None:
    cursor = cursor_at(5)
    cursor.skip_to(SAMPLES, 8)
    cursor.skip_to(SAMPLES, 6)
    assert offsets_of(cursor.decide(batch(8, 9))) == [8, 9]


def test_a_partition_of_an_assignment_that_is_over_is_ignored() -> None:
    cursor = cursor_at(5)
    assert cursor.decide(batch(5, place=Place("samples", 1))) == Decision([])
    cursor.start({})
    assert cursor.decide(batch(5)) == Decision([])


@given(
    holes=st.sets(st.integers(0, 59)),
    sizes=st.lists(st.integers(1, 7), min_size=1),
    seed=st.integers(0, 10_000),
    losses=st.integers(0, 12),
)
def test_every_record_is_applied_once_in_order(holes: set[int], sizes: list[int], seed: int, losses: int) -> None:
    """A reader over a log with holes that loses batches, and has others on their way when it is sought back."""
    log = [offset for offset in range(60) if offset not in holes]
    chance, cursor, applied = random.Random(seed), cursor_at(0), list[int]()
    position, on_its_way = 0, list[RecordBatch]()
    while True:
        place = bisect_left(log, position)
        ahead = log[place : place + chance.choice(sizes)]
        if ahead:
            on_its_way.append(batch(*ahead, start=position))
            position = ahead[-1] + 1
        if losses and on_its_way and chance.random() < 0.3:
            losses -= 1
            on_its_way.pop(chance.randrange(len(on_its_way)))
        if on_its_way and (not ahead or chance.random() < 0.5):
            decision = cursor.decide(on_its_way.pop(0))
            applied += offsets_of(decision)
            position = position if decision.seek_to is None else decision.seek_to
        if not ahead and not on_its_way:
            if applied[-1:] == log[-1:]:
                break
            position = cursor.positions()[SAMPLES]  # what the watchdog does when nothing comes
    assert applied == log
