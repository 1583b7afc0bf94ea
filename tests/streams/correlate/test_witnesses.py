"""Anomalies speak for members of incidents, and by themselves for nothing."""

from streams.signals import Notice
from tests.streams.correlate.made import World, names, notice


def anomaly(host: str, minute: int) -> Notice:
    return notice(host, minute, kind="anomaly", about="value", text="its value is unusual: 7")


def test_they_open_no_incident_however_many() -> None:
    world = World()
    assert world.go(notices=[anomaly(host, world.minute) for host in ("h1", "h2", "h3")]) == []
    assert world.calm(20) == []


def test_they_are_told_with_the_member_they_are_of() -> None:
    world = World()
    [opened] = world.go("h1", notices=[anomaly("h1", world.minute)])
    assert names(opened) == ["h1"]
    assert any("its value is unusual: 7" in each for each in opened["members"][0]["notices"])
    assert "its value is unusual: 7" in opened["text"]


def test_they_bring_in_what_is_declared_to_belong_to_a_member_and_nothing_else() -> None:
    world = World(dependencies=[("h2", "h1")])
    world.go("h1")
    [grown] = world.go("h1", notices=[anomaly("h2", world.minute), anomaly("h3", world.minute)])
    assert (grown["reason"], sorted(names(grown))) == ("member", ["h1", "h2"])


def test_they_keep_no_incident_going() -> None:
    alone, witnessed = World(), World()
    for world in (alone, witnessed):
        world.go("h1")
    lasting = anomaly("h1", witnessed.minute)._replace(until_ms=2**52)
    witnessed.go(notices=[lasting])
    alone.go()
    closed = [world.calm(20)[-1]["closed_at_ms"] for world in (alone, witnessed)]
    assert closed[0] == closed[1]
