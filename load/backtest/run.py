"""The run: a recording through the worker's pipeline in event time, and everything it yields to files."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from load.backtest.accuracy import Accuracy
from load.backtest.correlating import Correlating
from load.backtest.courses import Course, Courses
from load.backtest.cuts import pieces
from load.backtest.examination import Examination
from load.backtest.feed import Feed
from load.backtest.files import ResultFiles
from load.backtest.plan import Plan
from load.backtest.predictions_file import Prediction, PredictionsFile
from load.backtest.scores import Timeliness
from load.backtest.stopwatch import Stopwatch
from load.backtest.window import Window
from load.recordings.recording import Recording
from load.recordings.table import SampleTable
from load.replay.progress import Lines, LiveBar
from models.anomaly.bank import Scored
from models.arrays import Floats
from models.layout import row_bytes
from streams.events import EventRecord
from streams.ingest.watermark import JUMP_MS, TICK_INTERVAL_MS
from streams.pipeline import grid as grids
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.pipeline.rows import Rows
from streams.pipeline.state import PipelineState
from streams.rejects import RejectReason
from streams.settings.counts_file import counts_json
from streams.settings.model import Settings

TABLE_ROWS = 200_000

TICK_SLACK_MS = TICK_INTERVAL_MS + JUMP_MS
"""Event time may lie behind the samples by so much."""

NEVER_STEPS = 2**30
"""Emission interval of a run whose records nobody reads: emitting changes no state, and takes time."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """Predictions of one kind: how many were written, and the newest of each series and rule."""

    count: int
    newest: list[Prediction]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found out, beside its files. `last_window` is None where no origin was reached.

    `seconds` are those of the whole run, on the clock; the engine's and seasonal naive's are CPU time. `courses` and
    `windows` are those of the series that baselines are compared on; `forecasts` counts series and origins of the run.
    """

    samples: int
    samples_accepted: int
    model: str
    series: int
    seconds: float
    engine_seconds: float
    naive_seconds: float
    bytes_per_series: float
    rejects: Counter[RejectReason]
    accuracy: Accuracy
    forecasts: int
    last_window: Window | None
    courses: list[Course]
    windows: list[Window]
    capacity: Predictions
    failures: Predictions
    incidents: int
    hazards: Predictions
    objectives: Predictions


def run_backtest(
    recording: Recording,
    settings: Settings,
    plan: Plan,
    out: Path,
    *,
    records: bool,
    compared: int,
    events: Sequence[EventRecord],
    progress: LiveBar | Lines,
) -> Outcome:
    """Take a recording from its beginning to its end.

    Parameters
    ----------
    settings
        As `backtest_settings` made them.
    out
        The folder of the files.
    records
        Whether to write every output record.
    compared
        On how many series baselines will be compared; 0 keeps nothing for them.
    events
        Known from the beginning: a file has no place among the samples.
    """
    begun_s = time.monotonic()
    config, feed = PipelineConfig.from_settings(settings), Feed(settings)
    if not (records or config.capacity_rules or config.failure_rules):
        config = replace(config, emit_every_steps=NEVER_STEPS)
    with ResultFiles(out, config, feed.names, settings.topics.incidents, records=records) as files:
        run = _Run(settings, config, plan, feed, files, compared)
        run.announce(events)
        for table in recording.tables(TABLE_ROWS):
            for piece in pieces(table, np.array(plan.origins_ms), run.source):
                run.take(piece)
                progress.update(feed.rows, int(piece.timestamp_ms[-1]), 0.0)
        run.examination.finish()
    run.write_hazard_counts(out)
    return run.outcome(time.monotonic() - begun_s)


class _Run:
    """The parts of a run, tied together."""

    def __init__(
        self, settings: Settings, config: PipelineConfig, plan: Plan, feed: Feed, files: ResultFiles, compared: int
    ) -> None:
        self.source = settings.sources[0]
        self._feed, self._files = feed, files
        self._pipeline = PartitionPipeline(config, on_learned=self._learned)
        grid, step_is_known = self._pipeline.state.grid, self.source.step_ms is not None
        self._correlating = Correlating(settings)
        self._courses = Courses(plan, compared, self._pipeline.state.catalog, grid) if compared else None
        self.examination = Examination(plan, self._pipeline, files.forecasts, self._courses)
        self._timeliness = Timeliness(grid, config.jump_steps, step_is_known=step_is_known)
        self._stepping, self._beside = Stopwatch(), Stopwatch()

    def announce(self, events: Sequence[EventRecord]) -> None:
        """Let events hold from here on."""
        self._files.write(self._pipeline.step_blocks(events))

    def take(self, piece: SampleTable) -> None:
        """The next rows, none of which lies on the other side of an origin than the others."""
        self.examination.reach(int(piece.timestamp_ms[0]))
        block, rejects, series = self._feed.take(piece)
        self._files.anomalies.add(series, piece.timestamp_ms)
        with self._stepping:
            records = self._pipeline.step_blocks([block])
            incidents = self._correlating.take(records)
        self._files.write([*rejects, *records, *incidents])
        self._files.anomalies.settle(int(piece.timestamp_ms[-1]) - self._open_ms())

    def write_hazard_counts(self, out: Path) -> None:
        """What the fleet's hazards add up to, for `hazards[].calibration` to name."""
        hazards = self._pipeline.state.hazards
        counted = {rule.name: (rule.mark, *hazards.counted(number)) for number, rule in enumerate(hazards.rules)}
        if counted:
            (out / "hazards.json").write_bytes(counts_json(counted))

    def outcome(self, seconds: float) -> Outcome:
        """What came of it."""
        state, examination = self._pipeline.state, self.examination
        courses = self._courses.all() if self._courses else []
        return Outcome(
            samples=self._feed.rows,
            samples_accepted=self._pipeline.samples_accepted,
            model=self._pipeline.config.model,
            series=len(self._feed.names),
            seconds=seconds,
            engine_seconds=self._stepping.seconds - self._beside.seconds + examination.engine.seconds,
            naive_seconds=examination.naive.seconds,
            bytes_per_series=bytes_per_series(state),
            rejects=self._feed.rejects + self._pipeline.rejects,
            accuracy=examination.accuracy,
            forecasts=examination.forecasts,
            last_window=examination.last_window,
            courses=courses,
            windows=examination.windows_of([course.name for course in courses]),
            capacity=_predictions(self._files.capacity),
            failures=_predictions(self._files.failures),
            incidents=self._files.incidents.opened,
            hazards=_predictions(self._files.hazards),
            objectives=_predictions(self._files.objectives),
        )

    def _learned(self, rows: Rows, value: Floats, scored: Scored) -> None:
        """Called by the pipeline in the middle of its step; the time it takes is not the engine's."""
        with self._beside:
            self.examination.learn(rows, value)
            in_time = self._timeliness.in_time(rows) if self.source.aggregate is None else True
            score, height = (np.where(in_time, each, 0.0) for each in (scored.score, scored.height))
            self._files.anomalies.score(rows.offset, score, height)

    def _open_ms(self) -> int:
        """How far back samples may still be scored: those of aggregated steps are when these close."""
        if self.source.aggregate is None:
            return 0
        return (self.source.lateness_steps + 2) * (self.source.step_ms or 0) + TICK_SLACK_MS


def bytes_per_series(state: PipelineState) -> float:
    """State of a series, as a checkpoint has it: the grid, the forecasts, the signals, its share of the rules."""
    trackers = (state.capacity, state.failures, state.hazards, state.objectives)
    rules = sum([len(tracker.pairs.pairs) * tracker.bank.slot_bytes for tracker in trackers])
    for tracker in (state.hazards, state.objectives):
        rules += len(tracker.members.owners) * tracker.entities.slot_bytes
    banks = state.bank.slot_bytes + state.anomalies.bank.slot_bytes + state.signals.bank.slot_bytes
    return row_bytes(grids.LAYOUT) + banks + rules / max(len(state.catalog.slots), 1)


def _predictions(file: PredictionsFile | None) -> Predictions:
    return Predictions(0, []) if file is None else Predictions(file.count, list(file.newest.values()))
