"""What a trial is: hostile load on the pure code in this process, without Kafka."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from load.chaos.world import ScenarioFailedError
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord, OutputRecord
from streams.settings.model import Settings

Say = Callable[[str], None]

MESSAGES_AT_ONCE = 500


class Trial(NamedTuple):
    """A load, and what must hold of it: `run` takes a size and raises `ScenarioFailedError`."""

    name: str
    title: str
    run: Callable[[int, Say], None]
    size: int
    short: int


class Engine:
    """Ingest and a pipeline for each partition, one behind the other, as a worker has them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.ingest = Ingest(settings)
        config = PipelineConfig.from_settings(settings)
        self.pipelines = [PartitionPipeline(config, number) for number in range(settings.topics.partitions)]
        self._offset = 0

    def feed(self, messages: Iterable[bytes]) -> Iterator[list[OutputRecord]]:
        """Put messages through, in fetches; what the pipelines publish after each."""
        waiting = iter(messages)
        while fetch := list(islice(waiting, MESSAGES_AT_ONCE)):
            records = [InputRecord(self._offset + place, message) for place, message in enumerate(fetch)]
            self._offset += len(fetch)
            made = self.ingest.step(self.settings.sources[0].topic, 0, records)
            for number, pipeline in enumerate(self.pipelines):
                mine = [record.value for record in made if record.partition == number]
                first = pipeline.next_offset
                yield pipeline.step([InputRecord(first + place, value) for place, value in enumerate(mine)])


def expect(holds: bool, otherwise: str) -> None:
    """Raise `ScenarioFailedError` with these words unless it holds."""
    if not holds:
        raise ScenarioFailedError(otherwise)
