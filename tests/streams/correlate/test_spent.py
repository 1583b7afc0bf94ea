"""Spent signs are taken off until they have been quiet for long enough."""

from streams.correlate.sign import Sign
from streams.correlate.spent import SpentSigns
from tests.streams.correlate.made import notice

QUIET_MINUTES = 3
DISK = notice("a", 0)


def shown(spent: SpentSigns, minute: int, *signs: Sign) -> list[tuple[str, float, int]]:
    spent.take_from(minute, signs, QUIET_MINUTES)
    return [(sign.entity, sign.score, len(sign.notices)) for sign in signs]


def test_what_is_spent_is_taken_off_and_nothing_else() -> None:
    spent = SpentSigns()
    spent.spend(Sign("a", 5.0, notices=[DISK]).names(), 0)
    other = notice("a", 0, about="cpu")
    assert shown(spent, 1, Sign("a", 5.0, notices=[DISK, other]), Sign("b", 5.0)) == [("a", 0.0, 1), ("b", 5.0, 0)]


def test_it_is_spent_as_long_as_it_is_shown_and_a_while_longer() -> None:
    spent = SpentSigns()
    spent.spend(["score|a"], 0)
    for minute in (2, 4, 6):
        assert shown(spent, minute, Sign("a", 5.0)) == [("a", 0.0, 0)]
    assert shown(spent, 6 + QUIET_MINUTES - 1) == []
    assert spent
    assert shown(spent, 6 + QUIET_MINUTES) == []
    assert not spent
    assert shown(spent, 7 + QUIET_MINUTES, Sign("a", 5.0)) == [("a", 5.0, 0)]


def test_it_is_put_back_as_it_was() -> None:
    spent, after = SpentSigns(), SpentSigns()
    spent.spend(["score|b", "score|a"], 4)
    after.load(spent.dump())
    assert after.dump() == {"score|a": 4, "score|b": 4}
