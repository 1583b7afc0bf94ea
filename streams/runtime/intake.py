"""From fetched batches to records to apply: the cursor's decisions, carried out."""

from structlog import get_logger

from streams.records import InputRecord
from streams.runtime.batches import RecordBatch
from streams.runtime.cursor import Cursor
from streams.runtime.log import Log, Place
from streams.runtime.positions import still_there

log = get_logger(__name__)


async def take_in(batch: RecordBatch, cursor: Cursor, of: Log) -> list[InputRecord]:
    """The batch's records that are new and join on to what was applied before; reads again what was lost."""
    decision = cursor.decide(batch)
    if decision.seek_to is not None:
        await read_again(batch.place, decision.seek_to, cursor, of)
    return decision.records


async def read_again(place: Place, offset: int, cursor: Cursor, of: Log) -> None:
    """Seek to an offset, or to the beginning of the log if that is later."""
    log.info("records were lost on the way, reading them again", partition=str(place), offset=offset)
    first = await of.first_offset(place)
    if place not in cursor.positions():
        return  # the assignment ended while we asked
    cursor.skip_to(place, still_there(place, offset, first))
    await of.seek(place, cursor.positions()[place])
