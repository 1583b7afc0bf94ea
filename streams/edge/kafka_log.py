"""The runtime's `Log` on a Faust app."""

from collections.abc import Awaitable, Mapping

import faust
from faust.types import TP

from streams.edge.touchpoints import commit_offsets, send_record
from streams.records import OutputRecord
from streams.runtime.log import Place


class KafkaLog:
    """What `streams.runtime` asks of a log, by the app's consumer and producer."""

    def __init__(self, app: faust.App) -> None:
        self._app = app

    @property
    def generation(self) -> int:
        """Of the consumer group, as the last assignment said."""
        return self._app.consumer_generation_id

    def is_assigned(self, place: Place) -> bool:
        """Whether the consumer has a partition."""
        return TP(*place) in self._app.consumer.assignment()

    async def send(self, record: OutputRecord) -> Awaitable[object]:
        """Buffer a record in the producer; the result is the future of its acknowledgement."""
        headers = list(record.headers)
        return await send_record(self._app, record.topic, record.partition, record.key, record.value, headers)

    async def commit(self, offsets: Mapping[Place, int]) -> bool:
        """Commit next offsets under the group's generation."""
        return await commit_offsets(self._app, {TP(*place): offset for place, offset in offsets.items()})

    async def first_offset(self, place: Place) -> int:
        """The first offset that the broker still has."""
        tp = TP(*place)
        return (await self._app.consumer.earliest_offsets(tp))[tp]

    async def seek(self, place: Place, offset: int) -> None:
        """Fetch from this offset on."""
        await self._app.consumer.seek_wait({TP(*place): offset})
