"""A thousand hostile rows among sound ones: predictions are those of the sound ones alone."""

from random import Random
from typing import Any

import orjson
import pytest

from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord, OutputRecord
from tests.streams.pipeline.logs import MINUTE_MS, T_MS, predictions, settings

HOSTS, MINUTES, HOSTILE = 4, 130, 1000
KINDS = 20
UNKNOWN_HOST = "nobody"

SETTINGS = settings(
    capacity=[{"name": "memory", "metric": "mem", "limit": {"metric": "size"}}],
    failures=[{"name": "hot", "metric": "cpu", "above": 70, "for": "2m", "within": "30m"}],
    limits={
        "message_bytes": 2048,
        "rows_per_message": 50,
        "labels_per_series": 4,
        "name_bytes": 200,
        "series_per_partition": 3 * HOSTS + 5,
        "jump_steps": 100,
    },
)


def sound() -> list[dict[str, Any]]:
    """Messages of a few hosts, minute by minute."""
    random = Random(7)
    return [
        {"metric": metric, "labels": {"host": f"h{host}"}, "timestamp": T_MS + minute * MINUTE_MS, "value": value}
        for minute in range(MINUTES)
        for host in range(HOSTS)
        for metric, value in (("cpu", random.gauss(60, 15)), ("mem", 40.0 + minute / 9), ("size", 100.0))
    ]


def hostile(random: Random, near: dict[str, Any]) -> tuple[str, Any]:
    """What may happen to any producer, beside a sound message: the kind, and the bytes or document."""
    strangers = {"host": f"x{random.randrange(10**9)}"}
    year_ms = 365 * 24 * 60 * MINUTE_MS
    return random.choice(
        [
            ("malformed", random.randbytes(random.randrange(1, 60))),
            ("malformed", orjson.dumps(near)[: random.randrange(1, 30)]),
            ("empty", b""),
            ("not finite", orjson.dumps(near | {"value": 0.5}).replace(b"0.5", b"NaN")),
            ("not finite", orjson.dumps(near | {"value": 0.5}).replace(b"0.5", b"Infinity")),
            ("infinite", orjson.dumps(near | {"value": 0.5}).replace(b"0.5", b"1e999")),
            ("too far", near | {"value": -2e18}),
            ("wrong type", near | {"value": "12"}),
            ("long ago", near | {"timestamp": 12}),
            ("far ahead", near | {"timestamp": 10**18}),
            ("a year ahead", near | {"timestamp": near["timestamp"] + year_ms}),
            ("a year behind", near | {"timestamp": near["timestamp"] - year_ms}),
            ("late", near | {"timestamp": near["timestamp"] - 3 * MINUTE_MS}),
            ("same step", near | {"timestamp": near["timestamp"] + 59_000, "value": 9e17}),
            ("doubled", near | {"value": 9e17}),
            ("stranger", near | {"labels": strangers}),
            ("stranger with an absurd time", near | {"labels": strangers, "timestamp": near["timestamp"] + year_ms}),
            ("many labels", near | {"labels": near["labels"] | {f"l{n}": "x" for n in range(9)}}),
            ("long name", near | {"labels": near["labels"] | {"text": "é" * 150}}),
            ("bad name", near | {"metric": "cpu{}"}),
            ("oversized", near | {"labels": {"text": "x" * 4000}}),
            ("too many rows", near | {"timestamp": [near["timestamp"]] * 51, "value": [1.0] * 51}),
        ]
    )


def answers(messages: list[Any], batch: int) -> tuple[list[OutputRecord], list[OutputRecord], PartitionPipeline]:
    """Predictions and rejects of messages that come through ingest in fetches of this size."""
    ingest, pipeline = Ingest(SETTINGS), PartitionPipeline(PipelineConfig.from_settings(SETTINGS))
    raw = [item if isinstance(item, bytes) else orjson.dumps(item) for item in messages]
    outputs: list[OutputRecord] = []
    for start in range(0, len(raw), batch):
        fetch = [InputRecord(start + place, payload) for place, payload in enumerate(raw[start : start + batch])]
        made = ingest.step("telemetry", 0, fetch)
        taken = [record.value for record in made if record.topic == SETTINGS.topics.samples]
        first = pipeline.next_offset
        outputs += [record for record in made if record.topic == SETTINGS.topics.rejects]
        outputs += pipeline.step([InputRecord(first + place, payload) for place, payload in enumerate(taken)])
    rejects = [record for record in outputs if record.topic == SETTINGS.topics.rejects]
    made = [record for record in predictions(outputs) if record.topic != SETTINGS.topics.rejects]
    return made, rejects, pipeline


def without_limits() -> list[dict[str, Any]]:
    """Five hosts that send memory and never its size; with them the bank is full."""
    of_memory = [message for message in sound() if message["metric"] == "mem"]
    return [message | {"labels": {"host": f"{UNKNOWN_HOST}{number}"}} for number in range(5) for message in of_memory]


def mixed(random: Random) -> tuple[list[Any], set[int], set[str]]:
    """Everything in order of time; the offsets of what is hostile, and its kinds."""
    messages = sorted([*sound(), *without_limits()], key=lambda message: int(message["timestamp"]))
    # Not among the first: it is a stranger who shall find the bank full.
    places = random.choices(range(len(messages) // 20, len(messages)), k=HOSTILE)
    taken: list[Any] = []
    offsets, kinds = set(), set()
    for place, message in enumerate(messages):
        taken.append(message)
        for _ in range(places.count(place)):
            kind, bad = hostile(random, message)
            offsets.add(len(taken))
            kinds.add(kind)
            taken.append(bad)
    return taken, offsets, kinds


@pytest.mark.parametrize("batch", [7, 400])
def test_hostile_rows_change_no_prediction_and_none_is_lost_without_a_reason(batch: int) -> None:
    messages, hostile_offsets, kinds = mixed(Random(batch))
    assert len(kinds) == KINDS
    expected, no_rejects, _ = answers(sound(), batch)
    got, rejects, pipeline = answers(messages, batch)
    of_sound = [record for record in got if UNKNOWN_HOST.encode() not in record.key]
    assert len(of_sound) == len(expected)
    assert {record.key for record in set(of_sound) ^ set(expected)} == set()
    assert {record.topic.rpartition(".")[2] for record in expected} == {"forecasts", "quality", "capacity", "failures"}
    assert no_rejects == []
    # Each hostile message is named in a reject, unless it still waits to be confirmed.
    waiting = {row.offset for rows in pipeline.state.admission.waiting.values() for row in rows}
    assert hostile_offsets <= {int(record.key.split(b"/")[2]) for record in rejects} | waiting
    assert len(waiting) <= 3 * len(pipeline.state.catalog.slots)
    reasons = {orjson.loads(record.value or b"")["reason"] for record in rejects}
    assert {"malformed", "late", "same_step", "jump_ahead", "bank_full", "limit_unknown"} <= reasons
