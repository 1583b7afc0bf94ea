"""Hostile messages: each is refused with a reason, by ingest or, held, by the pipeline."""

import orjson

from load.verify.hostile import MAKERS, hostile_messages
from streams.ingest.ingest import Ingest
from streams.records import InputRecord
from streams.settings.model import Settings

SETTINGS = Settings.model_validate({"sources": [{"topic": "telemetry", "step": "1m"}]})
JUMP = len(MAKERS) - 1


def test_ingest_refuses_each_but_the_jumps() -> None:
    messages = hostile_messages(10 * len(MAKERS), "cpu", {"host": "a"})
    for place, message in enumerate(messages):
        outputs = Ingest(SETTINGS).step("telemetry", 0, [InputRecord(place, message)])
        topics = {output.topic for output in outputs}
        if place % len(MAKERS) == JUMP:
            assert topics == {"foreshock.samples"}, message
        else:
            assert topics == {"foreshock.rejects"}, message


def test_the_same_seed_makes_the_same_messages() -> None:
    assert hostile_messages(50, "cpu", {}, seed=4) == hostile_messages(50, "cpu", {}, seed=4)
    assert hostile_messages(50, "cpu", {}, seed=4) != hostile_messages(50, "cpu", {}, seed=5)


def test_jumps_meet_the_series_they_are_aimed_at() -> None:
    jump = orjson.loads(hostile_messages(len(MAKERS), "cpu", {"host": "a"})[JUMP])
    assert (jump["metric"], jump["labels"]) == ("cpu", {"host": "a"})
