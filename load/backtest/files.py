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
from load.backtest.predictions_file import (
    ANOMALIES_SCHEMA,
    CAPACITY_SCHEMA,
    FAILURES_SCHEMA,
    HAZARDS_SCHEMA,
    OBJECTIVES_SCHEMA,
    PredictionsFile,
)
from load.backtest.records_file import RecordsFile
from streams.pipeline.config import PipelineConfig
from streams.records import OutputRecord
from streams.schema import RecordKind


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
        self.incidents = self._open.enter_context(IncidentsFile(out / "incidents.jsonl", incidents_topic))
        capacity, failures = (RecordKind.CAPACITY, CAPACITY_SCHEMA), (RecordKind.FAILURE, FAILURES_SCHEMA)
        hazards, objectives = (RecordKind.HAZARD, HAZARDS_SCHEMA), (RecordKind.OBJECTIVE, OBJECTIVES_SCHEMA)
        self.capacity = self._predictions("capacity", config.capacity_topic, config.capacity_rules, *capacity)
        self.failures = self._predictions("failures", config.failures_topic, config.failure_rules, *failures)
        self.hazards = self._predictions("hazards", config.failures_topic, config.hazards, *hazards)
        self.objectives = self._predictions("objectives", config.failures_topic, config.objectives, *objectives)
        anomalies = (config.anomalies_topic, RecordKind.ANOMALY, ANOMALIES_SCHEMA)
        self.episodes = self._open.enter_context(PredictionsFile(out / "anomaly_episodes.parquet", *anomalies))
        self.records = self._open.enter_context(RecordsFile(out / "records.jsonl")) if records else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def write(self, records: Sequence[OutputRecord]) -> None:
        """Take what the pipeline published."""
        predictions = (self.capacity, self.failures, self.hazards, self.objectives, self.episodes)
        for file in (*predictions, self.incidents, self.records):
            if file is not None:
                file.write(records)

    def _predictions(
        self, name: str, topic: str, rules: Sequence[object], kind: RecordKind, schema: pa.Schema
    ) -> PredictionsFile | None:
        if not rules:
            return None
        return self._open.enter_context(PredictionsFile(self._out / f"{name}.parquet", topic, kind, schema))
