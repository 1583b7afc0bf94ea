"""An offset is committed only when every record up to it is acknowledged."""

import asyncio
from collections import deque

from streams.runtime.ingesting import Sent, _acknowledged_offset
from streams.runtime.outbox import Sends


def test_only_acknowledged_batches_at_the_front_count() -> None:
    async def check() -> None:
        outstanding: Sends = {asyncio.get_running_loop().create_future(): None}
        batches = deque([Sent(10, {}), Sent(20, {}), Sent(30, outstanding), Sent(40, {})])
        assert _acknowledged_offset(batches) == 20
        assert _acknowledged_offset(batches) is None
        outstanding.clear()
        assert _acknowledged_offset(batches) == 40
        assert not batches

    asyncio.run(check())


def test_nothing_sent_is_nothing_to_commit() -> None:
    assert _acknowledged_offset(deque()) is None
