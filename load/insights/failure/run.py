"""Drives through the worker's own pipeline: what its hazard says of each of them, day by day."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from load.insights.failure.drives import DAY_MS, ENTITY_LABEL, SOURCE, Fleet
from models.arrays import Floats
from models.failure.calibration import FleetCounts
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.settings.hazards import CountsFile
from streams.settings.model import Settings

Counts = npt.NDArray[np.integer]

WITHIN = "7d"

# Weights that experience with drives gives (reallocated and pending sectors; what grows says most), not fitted here.
SIGNS = [
    {"metric": "smart_5_raw", "sign": "present", "weight": 0.5},
    {"metric": "smart_197_raw", "sign": "present", "weight": 0.5},
    {"metric": "smart_5_raw", "sign": "level", "weight": 0.5},
    {"metric": "smart_197_raw", "sign": "level", "weight": 0.5},
    {"metric": "smart_5_raw", "sign": "rise", "weight": 3},
    {"metric": "smart_197_raw", "sign": "rise", "weight": 3},
    {"metric": "smart_197_raw", "sign": "change", "weight": 1},
]


@dataclass(slots=True)
class Said:
    """What was said of the drives: of each its scores by day, and its newest record."""

    scores: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    flagged_ms: dict[str, int] = field(default_factory=dict)
    newest: dict[str, dict[str, Any]] = field(default_factory=dict)
    counts: FleetCounts | None = None
    mark: str = ""

    def take(self, record: dict[str, Any]) -> None:
        """One record, in the order of time."""
        drive, day_ms = record["labels"][ENTITY_LABEL], record["last_sample_at_ms"]
        self.scores.setdefault(drive, []).append((day_ms, record["score"]))
        if record["flagged"]:
            self.flagged_ms.setdefault(drive, day_ms)
        self.newest[drive] = record


def run(fleet: Fleet, flag_budget: float, calibrated_on: Said | None = None) -> Said:
    """Stream a fleet; with a calibration by another one."""
    settings = _settings(flag_budget, calibrated_on)
    pipeline = PartitionPipeline(PipelineConfig.from_settings(settings))
    said = Said(mark=settings.hazards[0].mark)
    for _, blocks in fleet.blocks():
        for record in pipeline.step_blocks(blocks):
            if record.topic == settings.topics.failures and record.value is not None:
                said.take(orjson.loads(record.value))
    _, said.counts = pipeline.state.hazards.counted(0)
    return said


def tallies(said: Said) -> tuple[Counts, Counts, Floats]:
    """Settled predictions of all drives by tenths of their probability: looks, hits, sums of p."""
    looks, hits, chances = (
        np.sum([record[name] for record in said.newest.values()], axis=0) for name in ("bin_looks", "bin_hits", "bin_p")
    )
    return looks, hits, chances


def _settings(flag_budget: float, calibrated_on: Said | None) -> Settings:
    hazard: dict[str, Any] = {
        "name": "drive", "within": WITHIN, "every": "1d", "flag_budget": flag_budget, "signs": SIGNS,
    }  # fmt: skip
    if calibrated_on is not None and calibrated_on.counts is not None:
        hazard["calibration"] = CountsFile("other drives", "other-drives", calibrated_on.mark, calibrated_on.counts)
    return Settings.model_validate(
        {
            "topics": {"partitions": 1},
            "sources": [{"topic": SOURCE, "entity": [ENTITY_LABEL], "step": f"{DAY_MS // 1000}s"}],
            "hazards": [hazard],
        }
    )
