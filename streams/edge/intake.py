"""From fetched batches to records to apply: the cursor's decisions, carried out."""

import faust
from faust.types import TP
from structlog import get_logger

from streams.edge.batches import RecordBatch
from streams.edge.cursor import Cursor
from streams.edge.positions import still_there
from streams.records import InputRecord

log = get_logger(__name__)


async def take_in(batch: RecordBatch, cursor: Cursor, app: faust.App) -> list[InputRecord]:
    """The batch's records that are new and join on to what was applied before; reads again what was lost."""
    admission = cursor.admit(batch)
    if admission.seek_to is not None:
        await read_again(batch.tp, admission.seek_to, cursor, app)
    return admission.records


async def read_again(tp: TP, offset: int, cursor: Cursor, app: faust.App) -> None:
    """Seek to an offset, or to the beginning of the log if that is later."""
    log.info("records were lost on the way, reading them again", partition=f"{tp.topic}[{tp.partition}]", offset=offset)
    first = (await app.consumer.earliest_offsets(tp))[tp]
    if tp not in cursor.positions():
        return  # the assignment ended while we asked
    cursor.skip_to(tp, still_there(tp, offset, first))
    await app.consumer.seek_wait({tp: cursor.positions()[tp]})
