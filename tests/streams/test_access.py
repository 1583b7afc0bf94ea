from streams.access import Operation, Resource, User, access_plan
from streams.settings.model import Settings
from streams.topics import topic_plan

SETTINGS = Settings.model_validate({"sources": [{"topic": "a"}, {"topic": "b"}]})
PLAN = {user.name.removeprefix("foreshock-"): user for user in access_plan(SETTINGS)}
OURS = {spec.name for spec in topic_plan(SETTINGS)}


def may(user: User, operation: Operation, resource: Resource = Resource.TOPIC) -> set[str]:
    return {each.name for each in user.permissions if each.resource is resource and operation in each.operations}


def test_a_worker_writes_every_topic_of_ours_but_the_events() -> None:
    assert may(PLAN["worker"], Operation.WRITE) == OURS - {"foreshock.events"}


def test_a_worker_reads_its_sources_and_what_it_wrote_for_itself() -> None:
    internal = {"foreshock.samples", "foreshock.signals"}
    states = {"foreshock-forecast-state-changelog", "foreshock-correlate-state-changelog"}
    assert may(PLAN["worker"], Operation.READ) == {"a", "b", "foreshock.events"} | internal | states
    assert may(PLAN["worker"], Operation.READ, Resource.GROUP) == {
        f"foreshock-{role}" for role in ("ingest", "forecast", "correlate")
    }


def test_those_who_only_read_write_nothing_and_see_no_state() -> None:
    for name in ("serve", "reader"):
        assert may(PLAN[name], Operation.WRITE) == set()
        assert not {topic for topic in may(PLAN[name], Operation.READ) if "state" in topic or "signals" in topic}


def test_whoever_sends_telemetry_can_only_send_telemetry() -> None:
    assert [permission.operations for permission in PLAN["telemetry"].permissions] == [(Operation.WRITE,)] * 2
    assert may(PLAN["telemetry"], Operation.WRITE) == {"a", "b"}


def test_a_topic_is_somebodys_to_write_and_somebodys_to_read() -> None:
    written = set().union(*[may(user, Operation.WRITE) for user in PLAN.values()])
    read = set().union(*[may(user, Operation.READ) for user in PLAN.values()])
    assert written == read == OURS | {"a", "b"}
