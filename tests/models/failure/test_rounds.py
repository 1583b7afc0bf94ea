"""Rounds: when an entity's samples are all there."""

import numpy as np

from models.failure import rounds
from models.layout import allocate

ONE = np.zeros(1, np.int64)


class Entity:
    def __init__(self) -> None:
        self.arrays = allocate(rounds.LAYOUT, 1)
        self.reported: dict[str, int] = {}

    def see(self, number: int, members: str) -> list[str]:
        """Members report, one after the other; which of them cut a round short ("-a") or ended one ("a")."""
        found = []
        for member in members:
            at = np.array([number])
            if rounds.cut_short(self.arrays, ONE, at)[0]:
                found.append("-" + member)
            is_first = np.array([self.reported.get(member, -1) < number])
            self.reported[member] = number
            if rounds.arrive(self.arrays, ONE, at, at * 1000, is_first)[0]:
                found.append(member)
        return found


def test_the_first_round_ends_with_the_next_one() -> None:
    entity = Entity()
    assert entity.see(5, "abc") == []
    assert entity.see(6, "a") == ["-a"]


def test_later_ones_end_with_the_last_member() -> None:
    entity = Entity()
    entity.see(5, "abc")
    assert entity.see(6, "bac") == ["-b", "c"]
    assert entity.see(7, "cab") == ["b"]
    # A second sample of a member in its round is no other member.
    assert entity.see(8, "aabbbc") == ["c"]


def test_a_member_that_falls_silent_delays_one_round() -> None:
    entity = Entity()
    entity.see(5, "abc")
    entity.see(6, "abc")
    assert entity.see(7, "ab") == []
    assert entity.see(8, "ab") == ["-a", "b"]
    assert entity.see(9, "ab") == ["b"]


def test_one_that_joins_is_waited_for_from_the_next_round_on() -> None:
    entity = Entity()
    entity.see(5, "a")
    assert entity.see(6, "ab") == ["-a", "a"]
    assert entity.see(7, "ab") == ["b"]


def test_rounds_that_nobody_reported_in_make_no_difference() -> None:
    entity = Entity()
    entity.see(5, "ab")
    entity.see(6, "ab")
    assert entity.see(60, "ab") == ["b"]


def test_one_that_comes_late_is_not_counted_in_the_round_after_its_own() -> None:
    entity = Entity()
    entity.see(5, "abc")
    entity.see(6, "ab")
    assert entity.see(7, "a") == ["-a"]
    # Two are waited for, and the sample is the second of this round in time, but not of this round.
    assert entity.see(6, "c") == []
    assert entity.see(7, "b") == ["b"]
