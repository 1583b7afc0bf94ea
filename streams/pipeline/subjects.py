"""Subjects: what the records of a series say of it, drawn from the state."""

from streams.outputs.subject import Subject
from streams.pipeline.state import PipelineState


def subject_of(state: PipelineState, slot: int, timestamp_ms: int, origin_ms: int, expires_at_ms: int) -> Subject:
    """A series at a sample of this time, for a record of this origin.

    What is told of a silence has an origin after its last sample: the later of the two is when it is told.
    """
    entry = state.catalog.entry(slot)
    return Subject(
        name=entry.name,
        key=entry.key,
        entity=entry.entity,
        step_ms=int(state.grid["step_ms"][slot]),
        origin_ms=origin_ms,
        last_sample_at_ms=timestamp_ms,
        expires_at_ms=expires_at_ms,
        is_rate=bool(state.grid["counter"][slot]),
        samples_seen=int(state.bank.arrays["count"][slot]),
        suppressed=state.spans.suppresses(slot, max(timestamp_ms, origin_ms)),
    )
