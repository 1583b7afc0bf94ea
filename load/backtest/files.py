"""The files of a run, open while it lasts."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from load.backtest.anomalies_file import AnomaliesFile
from load.backtest.forecasts_file import ForecastsFile
from load.backtest.incidents_file import IncidentsFile
from load.backtest.predictions_file import ANOMALIES_SCHEMA, CAPACITY_SCHEMA, FAILURES_SCHEMA, PredictionsFile
from load.backtest.records_file import RecordsFile
from streams.pipeline.config import PipelineConfig
from streams.records import OutputRecord


class ResultFiles:
    """Forecasts, scores, episodes, incidents; predictions where there are rules; records where they are asked for.

    Parameters
    ----------
    out
        A folder that is there.
    names
        Names of the series by number; the list grows outside.
    """

    def __init__(
        self, out: Path, config: PipelineConfig, names: list[str], incidents_topic: str, *, records: bool
    ) -> None:
        self._out, self._open = out, ExitStack()
        self.forecasts = self._open.enter_context(ForecastsFile(out / "forecasts.parquet"))
        self.anomalies = self._open.enter_context(AnomaliesFile(out / "anomalies.parquet", names))
        self.capacity = self._predictions("capacity", config.capacity_topic, config.capacity_rules, CAPACITY_SCHEMA)
        self.failures = self._predictions("failures", config.failures_topic, config.failure_rules, FAILURES_SCHEMA)
        self.incidents = self._open.enter_context(IncidentsFile(out / "incidents.jsonl", incidents_topic))
        episodes = PredictionsFile(out / "anomaly_episodes.parquet", config.anomalies_topic, ANOMALIES_SCHEMA)
        self.episodes = self._open.enter_context(episodes)
        self.records = self._open.enter_context(RecordsFile(out / "records.jsonl")) if records else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def write(self, records: Sequence[OutputRecord]) -> None:
        """Take what the pipeline published."""
        for file in (self.capacity, self.failures, self.episodes, self.incidents, self.records):
            if file is not None:
                file.write(records)

    def _predictions(self, name: str, topic: str, rules: Sequence[object], schema: pa.Schema) -> PredictionsFile | None:
        if not rules:
            return None
        return self._open.enter_context(PredictionsFile(self._out / f"{name}.parquet", topic, schema))
