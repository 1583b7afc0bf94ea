"""What users of other systems complain about, each as a test. The threads are named in the comments."""

from streams.records import InputRecord
from streams.signals import MINUTE_MS
from tests.streams.correlate.made import BEGIN, HOSTS, World, decoded, names, notice

MANY = tuple(f"h{number:03d}" for number in range(60))


def test_an_incident_may_wait_until_several_agree() -> None:
    """keephq/keep 4318 and 2776: incidents only when several alerts agree."""
    world = World(agree=2)
    assert world.go("h1") == []
    assert [record["reason"] for record in world.go("h1", "h2")] == ["opened"]
    assert names(world.told[-1]) == ["h1", "h2"]


def test_and_one_alone_is_then_never_told_of() -> None:
    """keephq/keep 5212: a threshold that shows one alert."""
    world = World(agree=2)
    world.go("h1")
    assert world.calm(30) == []
    assert world.open() == []


def test_it_closes_and_what_comes_after_is_another_one() -> None:
    """keephq/keep 5175: never-ending incidents swallow new ones."""
    world = World()
    [first] = world.go("h1")
    closed = world.calm(20)
    assert [(record["id"], record["status"], record["reason"]) for record in closed] == [
        (first["id"], "closed", "quiet")
    ]
    assert closed[0]["closed_at_ms"] - first["opened_at_ms"] == 8 * MINUTE_MS
    [second] = world.go("h2")
    assert second["status"] == "open"
    assert second["id"] != first["id"]


def test_one_that_goes_on_for_hours_does_not_swallow_what_else_happens() -> None:
    """keephq/keep 5175, the same: here the first one has not ended."""
    world = World()
    [first] = world.go("h1")
    for _ in range(20):
        world.go("h1")
    [second] = world.go("h1", "h2")
    assert (second["reason"], names(second)) == ("opened", ["h2"])
    assert first["id"] in world.open()


def test_it_ends_even_if_it_never_gets_better_and_is_not_opened_at_once_again() -> None:
    world = World(life="30m")
    world.go("h1")
    told = [record for _ in range(35) for record in world.go("h1")]
    assert [(record["status"], record["reason"]) for record in told] == [("closed", "too_long")]
    assert world.open() == []
    world.calm(9)
    assert [record["reason"] for record in world.go("h1")] == ["opened"]


def test_members_that_join_later_are_told_of() -> None:
    """prometheus/alertmanager 1587: grouping hides new members."""
    world = World()
    world.go("h1")
    [joined] = world.go("h1", "h2")
    assert (joined["status"], joined["reason"], joined["update"]) == ("updated", "member", 2)
    assert names(joined) == ["h1", "h2"]


def test_the_cause_comes_first_and_what_depends_on_it_after() -> None:
    """grafana/grafana 97092, OneUptime 3021: the root cause first, dependants folded under it."""
    world = World(dependencies=[("h1", "h2"), ("h2", "h3")])
    [opened] = world.go("h1", "h2", "h3")
    assert names(opened) == ["h3", "h2", "h1"]
    assert len(world.open()) == 1


def test_a_flood_of_unrelated_entities_is_not_one_incident() -> None:
    world = World(MANY, dependencies=[("h00?", "h01?"), ("h02?", "h03?")], flood=10)
    told = world.go(*MANY[:8], *MANY[20:28], *MANY[40:44])
    assert sorted([sorted(names(record)) for record in told]) == [
        list(MANY[:8]),
        list(MANY[20:28]),
        list(MANY[40:44]),
    ]
    assert len(world.open()) == 3


def test_the_list_of_members_is_bounded_and_the_others_are_counted() -> None:
    hosts = tuple(f"h{number:03d}" for number in range(150))
    world = World(hosts, flood=1_000)
    told = world.go(*hosts[:70])
    assert [len(record["members"]) for record in told] == [50]
    assert told[0]["members_beyond"] == 20
    assert "and 66 more" in told[0]["text"]


def test_predicted_members_are_marked_and_said_to_come_true() -> None:
    world = World()
    soon = notice("h4", world.minute, predicted=True, strength=0.8, text="rule disk is broken soon")
    [opened] = world.go(notices=[soon])
    assert (opened["predicted"], opened["members"][0]["predicted"]) == (True, True)
    assert opened["text"].startswith("Nothing has happened yet.")
    [happened] = world.go("h4")
    assert (happened["reason"], happened["predicted"]) == ("happened", False)


def test_a_prediction_that_goes_on_is_one_incident_and_is_told_of_once() -> None:
    world = World(life="30m")
    told = []
    for _ in range(120):
        again = notice("h4", world.minute, predicted=True)
        told += world.go(notices=[again] if world.minute % 5 == 0 else [])
    assert [record["reason"] for record in told] == ["opened", "too_long"]


def test_what_all_hosts_do_together_is_no_incident() -> None:
    world = World()
    assert world.go(*HOSTS) == []


def test_the_same_trouble_again_and_again_is_told_of_at_most_fifty_times() -> None:
    world = World(life="24h")
    told = [record for _ in range(100) for record in [*world.go("h1"), *world.calm(5)]]
    assert [record["status"] for record in told[:3]] == ["open", "updated", "updated"]
    assert {record["reason"] for record in told[1:]} == {"again"}
    assert len(told) == 50


def test_what_is_said_of_a_member_names_its_series() -> None:
    world = World()
    [opened] = world.go("h1", notices=[notice("h1", world.minute)])
    [member] = opened["members"]
    assert member["series"] == [{"series": 'syscalls{host="h1"}', "deviation": 1023.0}]
    assert member["notices"] == ['disk{host="h1"}: rule disk is broken']
    assert 'syscalls{host="h1"} is 1.02e+03 deviations above its usual place' in opened["text"]
    assert opened["opened_at_ms"] == opened["updated_at_ms"] == (BEGIN + world.minute) * MINUTE_MS


def test_it_closes_to_the_minute_though_time_comes_in_a_jump() -> None:
    world = World()
    [opened] = world.go("h1")
    world.go()
    told = decoded(world.pipeline.step([InputRecord(1_000, world.samples.say(world.minute + 500))]))
    assert [record["closed_at_ms"] - opened["opened_at_ms"] for record in told] == [8 * MINUTE_MS]
    assert world.pipeline.state.inbox.done_minute == BEGIN + world.minute + 499
