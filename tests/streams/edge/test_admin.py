"""The comparison of a topic with its plan, and of the sources with what is there."""

import pytest

from streams.edge.admin import absent_sources, compare
from streams.settings.errors import Problem
from streams.settings.model import Settings
from streams.topics import TopicSpec

SPEC = TopicSpec("t", 3, 1, {"cleanup.policy": "compact,delete", "retention.ms": "5"})


@pytest.mark.parametrize(
    ("partitions", "configs", "messages"),
    [
        (3, {"cleanup.policy": "compact,delete", "retention.ms": "5", "segment.ms": "7"}, []),
        (3, {"cleanup.policy": "delete, compact", "retention.ms": "5"}, []),
        (3, {}, []),
        (None, {}, ["is missing; `foreshock topics create` makes it"]),
        (
            2,
            {"cleanup.policy": "delete", "retention.ms": "5"},
            ["has 2 partitions, should have 3", "has cleanup.policy=delete, should have compact,delete"],
        ),
    ],
)
def test_compare(partitions: int | None, configs: dict[str, str], messages: list[str]) -> None:
    assert list(compare(SPEC, partitions, configs)) == [Problem("t", message) for message in messages]


def test_absent_sources_are_named_with_what_may_be_meant() -> None:
    settings = Settings.model_validate({"sources": [{"topic": "telemetry"}, {"topic": "telemetri"}, {"topic": "x"}]})
    assert list(absent_sources(settings, ["telemetry", "__consumer_offsets"])) == [
        Problem("sources[1].topic", "the broker has no topic 'telemetri'; did you mean 'telemetry'?"),
        Problem("sources[2].topic", "the broker has no topic 'x'"),
    ]
