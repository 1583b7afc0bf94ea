"""Why Kafka can't be reached, in one sentence, and nothing of the client's own before it."""

import asyncio
import io
import logging
import socket
from collections.abc import Iterator

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from streams.cli.errors import BrokerUnavailableError
from streams.edge.reach import reaching


@pytest.fixture
def screen() -> Iterator[io.StringIO]:
    """What the root logger writes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def test_the_clients_own_reason_is_given_once(screen: io.StringIO) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"

    async def connect() -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=address)
        try:
            with reaching([address]):
                await admin.start()
        finally:
            await admin.close()

    with pytest.raises(BrokerUnavailableError) as raised:
        asyncio.run(connect())
    assert str(raised.value).startswith(f"can't reach Kafka at {address} (--broker or broker.bootstrap_servers): ")
    assert "Connect call failed" in str(raised.value)
    assert screen.getvalue() == ""
    assert logging.getLogger("aiokafka").propagate


def test_silence_is_a_reason_too() -> None:
    said = r"at a:1, b:2 \(x\): no answer in time"
    with pytest.raises(BrokerUnavailableError, match=said), reaching(["a:1", "b:2"], "x"):
        raise TimeoutError
