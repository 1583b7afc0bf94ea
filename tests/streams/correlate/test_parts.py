"""The parts of the decision: who belongs together, who comes first, who is remembered."""

from itertools import permutations

import numpy as np
import pytest

from streams.correlate import entities as entities_module
from streams.correlate import inbox as inbox_module
from streams.correlate.entities import IDLE_MINUTES, NOWHERE, Entities
from streams.correlate.inbox import Inbox
from streams.correlate.incident import Incident, Member
from streams.correlate.kinship import Kinship
from streams.correlate.leads import MEMBERS_COUNTED, PAIRS_MAX, Leads, Struck
from streams.correlate.parting import CLOSE_MINUTES, JOINING_MINUTES, concurrent_incident, parts, related_incident
from streams.correlate.ranking import ranked
from streams.correlate.relations import Relations
from streams.settings.incidents import Dependency
from streams.signals import SignalRecord, decode_signals
from tests.streams.correlate.made import BEGIN, Samples, entity

A, B, C, D = (entity(name) for name in "abcd")


def kinship(*calls: tuple[str, str]) -> Kinship:
    return Kinship([Dependency(caller=caller, callee=callee) for caller, callee in calls])


def incident(*members: Member, opened: int = 0, last: int = 0) -> Incident:
    return Incident("i", "{}", opened, last, {member.entity: member for member in members})


def member(name: str, score: float = 1.0, since: int = 0, *, predicted: bool = False, strength: float = 0.0) -> Member:
    return Member(name, since, since, score, strength, predicted)


def never(_one: str, _other: str) -> bool:
    return False


def order_of(members: list[Member], calls: Kinship | None = None, leads: Leads | None = None) -> list[str]:
    found = ranked(incident(*members), calls.calls if calls else never, leads.leads if leads else never)
    return [each.entity for each in found]


def test_dependencies_are_found_by_the_values_of_labels() -> None:
    known = kinship(("checkout-*", "pay*"), ("pay*", "db"), ("x", "y"))
    checkout, pay, db = '{pod="checkout-1",zone="z"}', '{pod="payment"}', '{host="db"}'
    assert known.calls(checkout, pay)
    assert not known.calls(pay, checkout)
    assert not known.calls(checkout, db), "only whom it calls itself"
    assert known.applications(checkout) == known.applications(db) != known.applications('{a="x"}')
    assert known.applications('{pod="other"}') == frozenset()
    assert not known.calls('{pod="pay"}', '{pod="pay"}'), "nobody calls itself"


def test_the_largest_score_comes_first_whatever_the_order_of_coming() -> None:
    members = [member(A, 2.0), member(B, 9.0), member(C, 5.0)]
    assert {tuple(order_of(list(each))) for each in permutations(members)} == {(B, C, A)}


@pytest.mark.parametrize(("callee", "first"), [(7.6, B), (7.4, A)])
def test_a_callee_overtakes_a_caller_that_is_near(callee: float, first: str) -> None:
    assert order_of([member(A, 10.0), member(B, callee)], kinship(("a", "b")))[0] == first


def test_two_that_call_each_other_are_ordered_by_score() -> None:
    assert order_of([member(A, 10.0), member(B, 9.9)], kinship(("a", "b"), ("b", "a"))) == [A, B]


def test_who_usually_leads_overtakes_who_is_tied() -> None:
    leads = Leads()
    for _ in range(3):
        leads.count([Struck(B, 0), Struck(A, 1)])
    assert order_of([member(A, 10.0), member(B, 9.1)], None, leads) == [B, A]
    assert order_of([member(A, 10.0), member(B, 8.9)], None, leads) == [A, B]


def test_late_and_predicted_members_come_last() -> None:
    members = [
        member(A, 1.0),
        member(B, 9.0, since=5),
        member(C, 0.0, predicted=True, strength=1.0),
        member(D, 3.0, since=4),
    ]
    assert order_of(members) == [D, A, B, C]


def test_leads_are_learned_from_incidents_and_are_bounded() -> None:
    leads = Leads()
    leads.count([Struck(A, 0), Struck(B, 2), Struck(C, 2)])
    leads.count([Struck(A, 0), Struck(B, 1)])
    assert not leads.leads(A, B)
    assert not leads.together(A, B)
    leads.count([Struck(A, 0), Struck(B, 3)])
    assert leads.leads(A, B)
    assert not leads.leads(B, A)
    assert leads.together(B, A)
    again = Leads()
    again.load(leads.dump())
    assert again.dump() == leads.dump() == [[A, B, 3.0], [A, C, 1.0], [B, C, 0.5], [C, B, 0.5]]
    for number in range(PAIRS_MAX // 40):
        leads.count([Struck(f"{number}/{place}", place) for place in range(2 * MEMBERS_COUNTED)])
    assert len(leads.dump()) <= PAIRS_MAX
    assert leads.leads(A, B) or leads._of(A, B) > 0.0, "what came often stays longest"


def test_time_joins_near_the_opening_and_near_the_last_sign() -> None:
    relations = Relations(kinship(("a", "b"), ("c", "d")), Leads(), "{}")
    near = incident(member(A), opened=10, last=12)
    for minute, joins in ((12, True), (12 + CLOSE_MINUTES, True), (13 + CLOSE_MINUTES, False)):
        assert (concurrent_incident(entity("x"), minute, [near], relations) is near) == joins
    old = incident(member(A), opened=0, last=JOINING_MINUTES + 1)
    assert concurrent_incident(entity("x"), JOINING_MINUTES + 1, [old], relations) is None
    assert concurrent_incident(C, 12, [near], relations) is None, "of another application"


def test_those_of_one_application_join_at_any_time() -> None:
    relations = Relations(kinship(("a", "b"), ("c", "d")), Leads(), "{}")
    old = incident(member(A), opened=0, last=0)
    assert related_incident(B, [old], relations) is old
    assert related_incident(C, [old], relations) is None
    assert related_incident(entity("x"), [old], relations) is None


def test_a_flood_falls_into_what_belongs_together() -> None:
    relations = Relations(kinship(("a", "b")), Leads(), "{}")
    shared = [f'{{pod="p{number}",team="red"}}' for number in range(3)]
    loose = [entity(f"x{number}") for number in range(2)]
    found = list(parts([A, shared[0], loose[0], B, *shared[1:], loose[1]], relations))
    assert sorted(map(sorted, found)) == sorted([sorted([A, B]), sorted(shared), sorted(loose)])


def record_of(minute: int, *hosts: str, scope: str = "{}") -> SignalRecord:
    return decode_signals(Samples().say(None, [(minute, host, "cpu", 1) for host in hosts], scope=scope))


def test_idle_entities_give_their_places_to_newcomers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entities_module, "ENTITIES_MAX", 2)
    known = Entities()
    assert known.places(record_of(0, "a", "b"), BEGIN)[0].tolist() == [0, 1]
    known.arrays["mean"][0] = 7.0
    assert known.places(record_of(5, "b", "c"), BEGIN + 5)[0].tolist() == [1, NOWHERE]
    late = IDLE_MINUTES + 1
    assert known.places(record_of(late, "c"), BEGIN + late)[0].tolist() == [0]
    assert (known.arrays["mean"][0], known.evicted, len(known)) == (0.0, 1, 2)


def test_scopes_and_metrics_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entities_module, "SCOPES_MAX", 1)
    monkeypatch.setattr(entities_module, "METRICS_MAX", 0)
    known = Entities()
    slots, numbers = known.places(record_of(0, "a"), None)
    assert (slots.tolist(), numbers.tolist()) == ([0], [NOWHERE])
    assert known.places(record_of(0, "a", scope="{c='b'}"), None)[0].tolist() == [NOWHERE]


def test_what_waits_is_bounded_and_a_silent_partition_is_passed_over_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "WAITING_MAX", 5)
    inbox, samples = Inbox(2), Samples()
    gone_through = []
    for minute in range(10):
        record = decode_signals(samples.say(minute + 1, [(minute, "a", "cpu", 1)]))
        inbox.is_news(record)
        inbox.take(record, np.array([0]), np.array([0]))
        gone_through += [number - BEGIN for number, content in inbox.ready(lambda: False)]
    assert gone_through == [0, 1, 2, 3, 4]
    late = decode_signals(Samples(partition=1).say(None, [(0, "b", "cpu", 9)]))
    inbox.is_news(late)
    inbox.take(late, np.array([1]), np.array([0]))
    assert min(inbox._minutes) == BEGIN + 5, "it counts in the first minute that is still open"
