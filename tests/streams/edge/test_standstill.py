"""A partition stands still from the second look on at which it is where it was, and behind its log's end."""

from streams.edge.standstill import Standstill
from streams.runtime.log import Place
from streams.runtime.stalls import Reading

A, B = Place("t", 0), Place("t", 1)


def test_only_what_lags_and_does_not_move_stands_still() -> None:
    standstill = Standstill()
    ends = {A: 9, B: 9}
    standstill.look({A: 1, B: 1}, Reading(ends), 0, 0.0)
    assert standstill.since() == {}
    standstill.look({A: 1, B: 2}, Reading(ends), 0, 1.0)
    assert standstill.since() == {A: 1.0}
    standstill.look({A: 1, B: 2}, Reading(ends), 0, 2.0)
    assert standstill.since() == {A: 1.0, B: 2.0}
    standstill.look({A: 3, B: 2}, Reading({A: 9, B: 2}), 0, 3.0)
    assert standstill.since() == {}


def test_what_is_not_read_or_has_no_known_end_does_not_stand() -> None:
    standstill = Standstill()
    for now_s in (0.0, 1.0):
        standstill.look({A: 1}, Reading({}), 0, now_s)
    assert standstill.since() == {}
    for now_s in (2.0, 3.0):
        standstill.look({A: 1}, Reading({A: 9}), 0, now_s)
    assert standstill.since() == {A: 2.0}
    standstill.look({}, Reading({}), 0, 4.0)
    standstill.look({A: 1}, Reading({A: 9}), 0, 5.0)
    assert standstill.since() == {}


def test_what_waits_for_its_turn_does_not_stand_while_others_have_theirs() -> None:
    standstill, reading = Standstill(), Reading({A: 9, B: 9}, {A})
    for taken, now_s in enumerate((0.0, 1.0, 2.0)):
        standstill.look({A: 1, B: 1}, reading, taken, now_s)
    assert standstill.since() == {B: 1.0}
    standstill.look({A: 1, B: 1}, reading, 2, 3.0)
    assert standstill.since() == {A: 3.0, B: 1.0}
