"""Subjects: what the records of series say of them, drawn from the state."""

import numpy as np

from models.arrays import Ints
from streams.outputs.subject import Subject
from streams.pipeline.state import PipelineState


def subjects_of(
    state: PipelineState, slots: Ints, timestamp_ms: Ints, origin_ms: Ints, expires_at_ms: Ints
) -> list[Subject]:
    """Series, each at a sample of its time, for records of these origins; shapes (n,).

    What is told of a silence has an origin after its last sample: the later of the two is when it is told.
    """
    entries = [state.catalog.entry(slot) for slot in slots.tolist()]
    told_ms = np.maximum(timestamp_ms, origin_ms)
    return list(
        map(
            Subject,
            [entry.name for entry in entries],
            [entry.key for entry in entries],
            [entry.entity for entry in entries],
            state.grid["step_ms"][slots].tolist(),
            origin_ms.tolist(),
            timestamp_ms.tolist(),
            expires_at_ms.tolist(),
            (state.grid["counter"][slots] > 0).tolist(),
            state.bank.arrays["count"][slots].tolist(),
            map(state.spans.suppresses, slots.tolist(), told_ms.tolist()),
        )
    )
