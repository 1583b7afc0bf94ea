"""The comparison of a topic with its plan."""

import pytest

from streams.edge.admin import compare
from streams.settings.errors import Problem
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
