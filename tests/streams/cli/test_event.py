"""The verb `event`, on a broker and without one: what is sent is what ingest reads."""

import asyncio
import socket
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from load.brokers.broker import Broker
from streams.cli.main import run
from streams.codecs.events import decode_event
from streams.events import Event
from streams.schema import EventKind
from streams.settings.limits import LimitSettings
from tests.integration.topic_io import create_topic, fill

START, END = "2026-01-08T02:00:00Z", "2026-01-08T04:00:00Z"
START_MS = 1_767_837_600_000
HOUR_MS = 3_600_000

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "foreshock.yaml"
    path.write_text("sources: [{topic: telemetry}]\ntopics: {partitions: 2}\n")
    return path


@pytest.fixture
def command(config: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Runs the verb: exit code, output, complaints."""
    monkeypatch.setenv("FORESHOCK_CONFIG", str(config))

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(["event", *arguments])
        return code, *capfd.readouterr()

    return call


@pytest.fixture
def topics(broker: Broker, topic_prefix: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The prefix of an events topic that is there."""
    monkeypatch.setenv("FORESHOCK_BROKER__BOOTSTRAP_SERVERS", broker.bootstrap_servers)
    monkeypatch.setenv("FORESHOCK_TOPICS__PREFIX", topic_prefix)
    asyncio.run(create_topic(broker.bootstrap_servers, f"{topic_prefix}.events", 1))
    return topic_prefix


def read(output: str) -> list[Event]:
    """What ingest would read of the lines of `list --json`."""
    events = [decode_event(line.encode(), LimitSettings()) for line in output.splitlines()]
    assert all(isinstance(event, Event) for event in events)
    return [event for event in events if isinstance(event, Event)]


def test_events_are_told_closed_cancelled_and_listed(command: Command, topics: str) -> None:
    scope = ["--metric", "disk_*", "--label", "host=a", "--label", "disk=b=c"]
    span = ["--start", START, "--end", END]
    code, out, err = command("maintenance", "--id", "CHG-1", *span, *scope, "--text", "new disks")
    assert (code, err) == (0, "")
    assert out == (
        f'maintenance CHG-1, {START} to {END}, disk_* of {{disk="b=c",host="a"}}: new disks (not learned, suppressed)\n'
        f"{topics}.events, offset 0\n"
    )
    assert command("incident", "--id", "INC-1", "--start", START)[1].endswith(", offset 1\n")
    assert command("deploy", "--id", "v2", "--start", START, "--no-suppress", "--no-learn")[0] == 0
    assert command("close", "INC-1", "--end", END)[0] == 0
    assert command("cancel", "v2")[0] == 0
    code, out, err = command("list", "--json")
    assert (code, err) == (0, "")
    change, incident, deploy = read(out)
    assert change == Event(
        id="CHG-1",
        kind=EventKind.MAINTENANCE,
        start_ms=START_MS,
        end_ms=START_MS + 2 * HOUR_MS,
        metric="disk_*",
        labels={"host": "a", "disk": "b=c"},
        learn=False,
        cancelled=False,
        title="new disks",
        description="",
        suppress=True,
        judge=False,
    )
    assert (incident.id, incident.end_ms, incident.judge) == ("INC-1", START_MS + 2 * HOUR_MS, True)
    assert (deploy.id, deploy.cancelled, deploy.learn, deploy.suppress) == ("v2", True, False, False)
    lines = command("list")[1].splitlines()
    assert lines[1] == f"incident INC-1, {START} to {END}, all metrics (not learned, judged by)"
    assert lines[2] == f"deploy v2, {START} not over yet, all metrics (cancelled)"


def test_moments_are_relative_to_the_clock(command: Command, topics: str) -> None:
    before_ms = time.time_ns() // 1_000_000
    assert command("failure", "--id", "F-1", "--start", "-10m", "--end", "+2h")[0] == 0
    (failure,) = read(command("list", "--json")[1])
    assert 0 <= failure.start_ms - (before_ms - HOUR_MS // 6) < 60_000
    assert failure.end_ms == pytest.approx(failure.start_ms + HOUR_MS * 13 / 6, abs=1_000)


def test_messages_of_others_that_are_no_events_are_named(command: Command, topics: str, broker: Broker) -> None:
    message = orjson.dumps({"id": "E", "kind": "exclude", "start": START_MS})
    asyncio.run(fill(broker.bootstrap_servers, f"{topics}.events", 1, [b"nonsense", message]))
    code, out, err = command("list")
    assert code == 0
    assert out == f"exclude E, {START} not over yet, all metrics (not learned)\n"
    assert err.startswith("foreshock: no event at offset 0: ")


def test_an_event_that_is_not_there_and_one_that_was_cancelled(command: Command, topics: str) -> None:
    assert command("list") == (0, "", "")
    code, _, err = command("close", "INC-1")
    assert code == 2
    assert err == f"foreshock: no event 'INC-1' on {topics}.events; `foreshock event list` shows all\n"
    command("incident", "--id", "INC-1")
    command("cancel", "INC-1")
    code, _, err = command("close", "INC-1")
    assert (code, "was cancelled" in err) == (2, True)


def test_a_topic_that_is_missing(
    command: Command, broker: Broker, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORESHOCK_BROKER__BOOTSTRAP_SERVERS", broker.bootstrap_servers)
    monkeypatch.setenv("FORESHOCK_TOPICS__PREFIX", topic_prefix)
    complaint = f"foreshock: topic {topic_prefix}.events is missing; `foreshock topics create` makes it\n"
    assert command("list") == (2, "", complaint)
    assert command("deploy", "--id", "v2") == (2, "", complaint)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["deploy"], "Missing option '--id'"),
        (["deploy", "--id", ""], "the event's id is empty"),
        (["deploy", "--id", "v2", "--start", "soon"], "is not an instant: 'soon'"),
        (["deploy", "--id", "v2", "--label", "host"], "'host' is no label; write it as host=a"),
        (["incident", "--id", "I", "--start", END, "--end", START], "the event ends before it starts"),
        (["incident", "--id", "I", "--start", START, "--end", "2026-03-08T00:00:00Z"], "longer than 31d"),
        (["holiday", "--id", "v2"], "No such command 'holiday'"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_sent(
    arguments: list[str], complaint: str, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORESHOCK_BROKER__BOOTSTRAP_SERVERS", "127.0.0.1:1")
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert complaint in err


def test_without_a_broker(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
    monkeypatch.setenv("FORESHOCK_BROKER__BOOTSTRAP_SERVERS", address)
    code, _, err = command("list")
    assert code == 3
    assert err.startswith(f"foreshock: can't reach Kafka at {address}")
