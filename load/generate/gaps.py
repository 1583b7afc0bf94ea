"""Samples that never arrive: whole entities silent for a while, and single samples lost."""

from collections.abc import Sequence

import numpy as np

from load.generate.signal import entity_text, own_rng
from load.generate.spec import MINUTE_MS, FleetSpec
from load.generate.truth import Gap
from load.recordings.table import FloatColumn
from streams.series import SeriesKey

KIND = 4
GAP_SHARE = 0.25  # Of the entities have a gap.
GAP_MS = (10 * MINUTE_MS, 90 * MINUTE_MS)
LOST_SHARE = 0.0005  # Of all samples.


def cut_gaps(spec: FleetSpec, series: Sequence[SeriesKey], matrix: FloatColumn) -> list[Gap]:
    """Set what is missing in `matrix` [steps, series] to NaN; the gaps that were cut."""
    entities = [entity_text(key.labels) for key in series]
    gaps = []
    for place, entity in enumerate(dict.fromkeys(entities)):
        columns = [column for column, name in enumerate(entities) if name == entity]
        rng = own_rng(spec, KIND, place)
        if rng.random() < GAP_SHARE:
            start = int(rng.integers(0, spec.steps))
            stop = min(spec.steps, start + max(1, int(rng.integers(*GAP_MS)) // spec.step_ms))
            matrix[start:stop, columns] = np.nan
            gaps.append(Gap(entity, spec.start_ms + start * spec.step_ms, spec.start_ms + stop * spec.step_ms))
        for column in columns:
            matrix[rng.random(spec.steps) < LOST_SHARE, column] = np.nan
    return gaps
