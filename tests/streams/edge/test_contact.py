"""The contact with a group's coordinator: what counts as hearing from it, and when we were put out."""

import pytest

from streams.edge import contact as contacts
from streams.edge.contact import FENCED_INSTANCE_ID, FencedError, GroupContact

FINE, NOT_COORDINATOR, ILLEGAL_GENERATION, UNKNOWN_MEMBER, REBALANCING = 0, 16, 22, 25, 27
SESSION_S = 10.0


class Clock:
    now_s = 100.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(contacts, "time", clock)
    return clock


def contact(instance_id: str | None = "pod-3") -> GroupContact:
    return GroupContact("prefix-ingest", instance_id, SESSION_S)


@pytest.mark.parametrize(
    ("codes", "silence_s"),
    [({FINE}, 0.0), ({REBALANCING}, 0.0), (set[int](), 0.0), ({NOT_COORDINATOR}, 4.0), ({FINE, NOT_COORDINATOR}, 4.0)],
)
def test_silence_lasts_until_a_coordinator_answers(clock: Clock, codes: set[int], silence_s: float) -> None:
    group = contact()
    clock.now_s += 4.0
    group.answered(codes)
    assert group.silence_s() == silence_s


def test_a_silence_longer_than_a_session_loses_the_group(clock: Clock) -> None:
    group = contact()
    clock.now_s += SESSION_S
    assert not group.is_lost
    clock.now_s += 0.1
    assert group.is_lost


@pytest.mark.parametrize("code", [UNKNOWN_MEMBER, FENCED_INSTANCE_ID])
def test_a_named_member_that_is_forgotten_amid_its_session_was_put_out_and_asks_no_more(
    clock: Clock, code: int
) -> None:
    group = contact()
    clock.now_s += SESSION_S - 0.1
    group.ask()
    with pytest.raises(FencedError, match=r"^prefix-ingest: another worker has joined as .* 'pod-3'"):
        group.answered({FINE, code})
    with pytest.raises(FencedError):
        group.ask()
    assert group.fenced is not None


@pytest.mark.parametrize(
    ("instance_id", "code", "silence_s"),
    [
        (None, UNKNOWN_MEMBER, 1.0),  # without a name a member just joins again
        ("pod-3", UNKNOWN_MEMBER, SESSION_S),  # the session was over: nobody else need have come
        ("pod-3", ILLEGAL_GENERATION, 1.0),  # a rebalance went on without it
    ],
)
def test_others_join_again(clock: Clock, instance_id: str | None, code: int, silence_s: float) -> None:
    group = contact(instance_id)
    clock.now_s += silence_s
    group.answered({code})
    group.ask()
    assert group.fenced is None
