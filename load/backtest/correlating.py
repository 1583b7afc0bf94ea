"""The second pipeline of a backtest: what the first one signals, correlated into incidents."""

from collections.abc import Iterable

from streams.correlate.config import CorrelateConfig
from streams.correlate.pipeline import CorrelatePipeline, ScoreSink
from streams.records import InputRecord, OutputRecord
from streams.settings.model import Settings


class Correlating:
    """A correlate pipeline behind the one partition of a backtest."""

    def __init__(self, settings: Settings, on_scored: ScoreSink | None = None) -> None:
        assert settings.topics.partitions == 1, "one pipeline stands for all samples partitions"
        self.pipeline = CorrelatePipeline(CorrelateConfig.from_settings(settings), on_scored=on_scored)
        self._signals_topic = settings.topics.signals

    def take(self, records: Iterable[OutputRecord]) -> list[OutputRecord]:
        """What follows from a step's records."""
        values = [record.value for record in records if record.topic == self._signals_topic]
        first = self.pipeline.next_offset
        return self.pipeline.step([InputRecord(first + place, value) for place, value in enumerate(values)])
