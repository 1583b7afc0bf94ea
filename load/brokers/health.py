"""Does a broker serve? Asked the way clients ask."""

import asyncio
import socket

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

__all__ = ["serves"]

_REQUEST_TIMEOUT_MS = 5_000


def serves(host: str, port: int) -> bool:
    """Whether a broker at this address answers, and tells clients to come to this very address.

    Blocks up to a few seconds, and runs an event loop of its own: inside a running one, call it in a thread.
    """
    return _listens(host, port) and asyncio.run(_advertises(host, port))


def _listens(host: str, port: int) -> bool:
    """Asked first, because the client logs an error for every refused connection."""
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


async def _advertises(host: str, port: int) -> bool:
    client = AIOKafkaAdminClient(bootstrap_servers=f"{host}:{port}", request_timeout_ms=_REQUEST_TIMEOUT_MS)
    try:
        await client.start()
        cluster = await client.describe_cluster()
    except (KafkaError, TimeoutError):
        return False
    finally:
        await client.close()
    return any((node["host"], node["port"]) == (host, port) for node in cluster["brokers"])
