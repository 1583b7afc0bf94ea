"""The smallest subscriber: prints what is on a topic, one record a line, and what comes, until Ctrl-C.

python -m load.demo.tail BROKER TOPIC
"""

import asyncio
import sys
from contextlib import suppress

from aiokafka import AIOKafkaConsumer


async def tail(broker: str, topic: str) -> None:
    """Print keys and values from the beginning on."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=broker, auto_offset_reset="earliest")
    async with consumer:
        async for record in consumer:
            print((record.key or b"").decode(), (record.value or b"").decode(), sep="\t", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(f"usage: {__doc__}")
    with suppress(KeyboardInterrupt, BrokenPipeError):
        asyncio.run(tail(*sys.argv[1:]))
