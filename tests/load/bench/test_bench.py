"""Small benches on the embedded broker, and what comes of one that can't run. No time is asserted."""

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from load.bench import raw, stalls
from load.bench.run import ContenderFailedError, in_own_process
from load.brokers.broker import BrokerUnavailableError
from load.brokers.embedded import EmbeddedBroker
from streams.cli.errors import ExitCode
from streams.cli.main import run

SMALL = ["--series", "1000", "--samples", "49000"]


@pytest.fixture(scope="module")
def embedded() -> Iterator[EmbeddedBroker]:
    try:
        broker = EmbeddedBroker()
        broker.start()
    except BrokerUnavailableError as error:
        pytest.skip(str(error))
    with broker:
        yield broker


async def topics(bootstrap_servers: str) -> list[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        return list(await admin.list_topics())
    finally:
        await admin.close()


@pytest.mark.broker
def test_all_contenders_are_measured_and_no_topic_stays(
    embedded: EmbeddedBroker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = embedded.bootstrap_servers
    assert run(["bench", "--broker", address, *SMALL, "--json", str(tmp_path / "bench.json")]) == ExitCode.OK
    text = capsys.readouterr().out
    for title in ("\n raw aiokafka + orjson ", "\n stock Faust ", "\n foreshock, both hops "):
        assert text.count(title) == 2
    results = orjson.loads((tmp_path / "bench.json").read_bytes())["results"]
    assert [(one["contender"], one["samples_per_message"]) for one in results] == [
        (contender, form) for form in (1, 100) for contender in ("raw", "faust", "foreshock")
    ]
    assert all(one["samples_per_s"] > 0 and one["counted_samples"][0] > 0 for one in results)
    assert not [topic for topic in asyncio.run(topics(address)) if topic.startswith("foreshock-bench")]


@pytest.mark.broker
def test_only_some_contenders_in_several_rounds(embedded: EmbeddedBroker, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--broker", embedded.bootstrap_servers, *SMALL, "--only", "raw", "--rounds", "2"]
    assert run(["bench", *arguments]) == ExitCode.OK
    text = capsys.readouterr().out
    assert "\n stock Faust " not in text
    assert text.count("from ") == 2


@pytest.mark.broker
def test_a_contender_that_gets_no_more_says_so(embedded: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "PATIENCE_S", 0.5)
    with pytest.raises(stalls.StalledError, match="0 of 10 messages"):
        raw.read_raw(embedded.bootstrap_servers, "empty", 10)


def test_a_broker_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as closed:  # Bound and not listening: nobody answers, and nobody else takes it.
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
        assert run(["bench", "--broker", address, *SMALL]) == ExitCode.BROKER
    assert f"can't reach Kafka at {address}" in capsys.readouterr().err


def test_a_process_that_dies_is_an_error_for_people() -> None:
    with pytest.raises(ContenderFailedError, match="died"):
        in_own_process(os.abort)
