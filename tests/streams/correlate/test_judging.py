"""A minute of a scope: what lasts is judged, and all that is shown ranks."""

from dataclasses import replace

import numpy as np
import pytest

from streams.correlate.entities import Entities
from streams.correlate.inbox import Rows, Spoken
from streams.correlate.judging import UNSPOKEN_LEVEL, Judged, judge
from streams.records import InputRecord
from streams.signals import LEVELS_PER_DOUBLING, decode_signals, encode_signals
from tests.streams.correlate.made import BEGIN, Samples, World, decoded, entity, names

HOSTS = ("h0", "h1", "h2", "h3", "h4")
TEN_DOUBLINGS = 10 * LEVELS_PER_DOUBLING


def judged(levels: dict[str, int], far: dict[str, list[float]]) -> dict[str, tuple[float, float]]:
    """Score and lasting score by host, of one metric and of another on which all are at their usual place."""
    rows = [(0, host, "cpu", levels.get(host, 0)) for host in HOSTS] + [(0, host, "memory", 0) for host in HOSTS]
    record, entities = decode_signals(Samples().say(None, rows)), Entities()
    slots, numbers = entities.places(record, None)
    of_host = {host: int(slots[record.entity.index(entity(host))]) for host in HOSTS}
    cpu = int(numbers[record.metric.index("cpu")])
    spoken = [Spoken(of_host[host], cpu, f"cpu {host}", each) for host, all_far in far.items() for each in all_far]
    made: Judged = judge(
        Rows(slots[record.entity_of], numbers[record.metric_of], record.level), spoken, entities, np.ones(len(numbers))
    )
    scores = zip(made.slots.tolist(), made.score.tolist(), made.lasting.tolist(), strict=True)
    by_slot = {slot: (score, lasting) for slot, score, lasting in scores}
    return {host: by_slot[slot] for host, slot in of_host.items()}


@pytest.mark.parametrize(
    ("far", "lasting"),
    [
        ([0.0], UNSPOKEN_LEVEL),
        ([-3.0], UNSPOKEN_LEVEL),
        ([31.0], 5.0),
        ([-31.0, 7.0], 5.0),
        ([1e6], 10.0),
    ],
)
def test_what_was_seen_once_ranks_and_is_not_judged(far: list[float], lasting: float) -> None:
    assert judged({"h1": TEN_DOUBLINGS}, {"h1": far})["h1"] == pytest.approx((10.0, lasting))


def test_rows_that_nobody_speaks_for_are_judged_as_they_are() -> None:
    both = judged({"h1": TEN_DOUBLINGS, "h2": 16}, {"h1": [0.0]})
    assert both["h2"] == pytest.approx((2.0, 2.0))
    assert judged({"h2": 16}, {})["h2"] == pytest.approx((2.0, 2.0))


def test_what_is_usual_is_learned_of_what_lasts() -> None:
    world = World()
    world.go()  # the minute before is gone through once the time has passed it
    entities = world.pipeline.state.entities
    slot = next(at for at, known in enumerate(entities.known) if known is not None and known.entity == entity("h1"))
    mean, minutes = float(entities.arrays["mean"][slot]), int(entities.arrays["minutes"][slot])
    rows = [(world.minute, host, "cpu", TEN_DOUBLINGS * (host == "h1")) for host in world.hosts]
    record = decode_signals(world.samples.say(world.minute + 1, rows))
    record = replace(record, speaker=[record.speaker[0]._replace(far=0.5)])
    world.pipeline.step([InputRecord(1_000, encode_signals(record))])
    # mu += (x - mu) / (n + 2)
    assert entities.arrays["mean"][slot] == pytest.approx(mean + (UNSPOKEN_LEVEL - mean) / (minutes + 2))


def test_a_burst_of_one_minute_opens_nothing_and_what_lasts_does() -> None:
    world = World()
    opened = []
    for minute, scales in enumerate((0.5, 0.5, 0.5, 0.5, 900.0)):
        rows = [(world.minute + minute, host, "cpu", TEN_DOUBLINGS * (host == "h1")) for host in world.hosts]
        record = decode_signals(world.samples.say(world.minute + minute + 1, rows))
        record = replace(record, speaker=[record.speaker[0]._replace(far=scales)])
        told = decoded(world.pipeline.step([InputRecord(1_000 + minute, encode_signals(record))]))
        opened += [(minute, names(each), each["members"][0]["since_ms"] // 60_000) for each in told]
    assert opened == [(4, ["h1"], BEGIN + world.minute + 5)]
