"""Notices in force hold until the time that they say, the newest of a name in place of the one before."""

import orjson
import pytest

from streams.correlate import notices as module
from streams.correlate.notices import NoticesInForce
from streams.signals import MINUTE_MS
from tests.streams.correlate.made import BEGIN, notice

NOW_MS = BEGIN * MINUTE_MS


def held(in_force: NoticesInForce) -> list[tuple[str, str]]:
    return [(each.entity, each.text) for each in in_force]


def test_one_holds_until_its_end_and_is_replaced_by_the_next_of_its_name() -> None:
    in_force = NoticesInForce()
    in_force.advance(NOW_MS, [notice("b", 0, text="old"), notice("a", 0)])
    in_force.advance(NOW_MS, [notice("b", 1, text="new")])
    assert held(in_force) == [('{host="a"}', "rule disk is broken"), ('{host="b"}', "new")]
    in_force.advance(NOW_MS + 10 * MINUTE_MS, [])
    assert held(in_force) == [('{host="b"}', "new")]
    in_force.advance(NOW_MS + 11 * MINUTE_MS, [])
    assert not in_force


def test_too_many_leave_those_in_force_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IN_FORCE_MAX", 2)
    in_force = NoticesInForce()
    in_force.advance(NOW_MS, [notice("a", 0), notice("b", 0)])
    in_force.advance(NOW_MS, [notice("c", 1), notice("b", 1, text="again")])
    assert held(in_force) == [('{host="a"}', "rule disk is broken"), ('{host="b"}', "again")]


def test_they_are_put_back_as_they_were() -> None:
    in_force, after = NoticesInForce(), NoticesInForce()
    in_force.advance(NOW_MS, [notice("b", 0), notice("a", 0, predicted=True, strength=0.5)])
    after.load(orjson.loads(orjson.dumps(in_force.dump())))
    assert list(after) == list(in_force)
