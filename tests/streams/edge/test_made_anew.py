"""A worker ends when a topic that it reads has another id than before, and only then."""

import asyncio
from collections.abc import Collection
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import NodeNotReadyError

from streams.edge import made_anew
from streams.edge.made_anew import TopicMadeAnewError, watch_topics
from streams.edge.transport import BatchConsumer
from streams.runtime.log import Place

ROLE_READS = {Place("telemetry", 0): 5, Place("events", 0): 0}


class Consumer(BatchConsumer):
    """Knows ids, and is told others in turn; a set of them is one that a rebalance brings meanwhile."""

    def __init__(self, topic_ids: dict[str, str], *answers: dict[str, str] | Exception) -> None:
        self.topic_ids = topic_ids
        self.answers = list(answers)

    async def ask_topic_ids(self, topics: Collection[str]) -> dict[str, str]:
        if not self.answers:
            raise asyncio.CancelledError
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if "rebalanced" in answer:
            self.topic_ids = {"telemetry": "z"}
        return answer


def watched(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made_anew, "TOPIC_CHECK_S", 0.0)
    monkeypatch.setattr(made_anew, "is_ready", lambda _app: True)
    cursor = SimpleNamespace(positions=lambda: ROLE_READS)
    role: Any = SimpleNamespace(app=SimpleNamespace(consumer=consumer), cursor=cursor)
    asyncio.run(watch_topics(role))


def test_another_id_ends_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = {"telemetry": "a", "events": "e"}
    with pytest.raises(TopicMadeAnewError, match=r"^telemetry was deleted and made again"):
        watched(Consumer(ids, ids, ids | {"telemetry": "b"}), monkeypatch)


@pytest.mark.parametrize(
    "answer",
    [
        {"telemetry": "a"},
        {},  # it is missing, or the broker that was asked does not know it yet
        NodeNotReadyError(),
        TimeoutError(),
        {"telemetry": "b", "rebalanced": "yes"},
    ],
)
def test_all_else_does_not(answer: dict[str, str] | Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(asyncio.CancelledError):
        watched(Consumer({"telemetry": "a"}, answer), monkeypatch)


def test_a_broker_that_gives_no_ids_is_told_of_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(asyncio.CancelledError):
        watched(Consumer({"events": "e"}, {}, {}), monkeypatch)
    assert capsys.readouterr().out.count("gives no topic ids") == 1
