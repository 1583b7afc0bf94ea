"""A partition at work: its pipeline, what of that is durable, and the outputs that are on their way."""

import asyncio
from dataclasses import dataclass, field

from streams.checkpoint import CheckpointBook, Writer
from streams.runtime.outbox import Sends
from streams.runtime.parts import Pipeline
from streams.runtime.rebuilding import Rebuild


@dataclass(slots=True, eq=False)
class PartitionState:
    """One assigned partition, from its restore to its end.

    Attributes
    ----------
    durable_at
        The loop's time when the last checkpoint was complete.
    rebuild
        While it is there, `pipeline` is on its way to the state that was lost, and none of it is written.
    lost
        Set once the partition turns out to be another worker's, or a checkpoint fails: then this state is neither
        written nor used any more.
    topic_id
        Of the input topic that the state was made from.
    due_at
        When a checkpoint is due by age.
    cost_bytes
        What the last checkpoint wrote.
    samples_durable
        How many samples the last checkpoint includes.
    sends
        Outputs that are not acknowledged yet.
    applying
        Held while records are applied and their outputs handed over, so that whoever gets it sees a state and all the
        sends that belong to it.
    checkpointing
        Lets one checkpoint end before the next begins.
    """

    partition: int
    pipeline: Pipeline
    writer: Writer
    book: CheckpointBook
    durable_at: float
    rebuild: Rebuild | None = None
    lost: bool = False
    topic_id: str = ""
    due_at: float = 0.0
    cost_bytes: int = 0
    samples_durable: int = 0
    sends: Sends = field(default_factory=dict)
    applying: asyncio.Lock = field(default_factory=asyncio.Lock)
    checkpointing: asyncio.Lock = field(default_factory=asyncio.Lock)
