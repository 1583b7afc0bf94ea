"""The state of a correlate pipeline as named sections of bytes, each small enough for one record.

=====================  ========================================================================================
``head``               JSON: version, next offset, how far everything has come, counts
``entities/NNNNN``     JSON: the slots of the entities, in order
``scores/NNNNN``       a range of their arrays, as `models.layout.pack_rows` writes them
``metrics/NNNNN``      JSON: the names of the metrics, by number
``waiting/NNNNN``      JSON: what waits for its minute
``scopes/NNNNN``       JSON: what goes on in each scope
``leads/NNNNN``        JSON: who led whom
=====================  ========================================================================================
"""

from collections import Counter
from collections.abc import Mapping

import orjson

from models.incidents.scores import LAYOUT
from models.layout import pack_rows, row_bytes, unpack_rows
from streams.checkpoint import StateMismatchError
from streams.correlate.state import CorrelateState
from streams.items import dump_items, load_items, per_range, ranges
from streams.rejects import RejectReason

FORMAT_VERSION = 2
FORMER_VERSION = 1
"""Is read, too: there the budget of a scope is of minutes, by their largest score."""


def dump(state: CorrelateState) -> dict[str, bytes]:
    """All sections of a pipeline between two steps."""
    head = {
        "v": FORMAT_VERSION,
        "next_offset": state.next_offset,
        "rows_taken": state.rows_taken,
        "samples_partitions": state.inbox.partitions,
        "rejects": {reason.value: count for reason, count in sorted(state.rejects.items())},
        "inbox": state.inbox.dump_places(),
        "entities": state.entities.dump_places(),
    }
    sections = {"head": orjson.dumps(head)}
    sections |= dump_items("entities", [known and list(known) for known in state.entities.known])
    sections |= dump_items("metrics", list(state.entities.metrics))
    sections |= dump_items("waiting", state.inbox.dump())
    sections |= dump_items("scopes", [triage.dump() for _, triage in sorted(state.triages.items())])
    sections |= dump_items("leads", state.leads.dump())
    for name, start, stop in ranges("scores", per_range(row_bytes(LAYOUT)), len(state.entities.known)):
        sections[name] = pack_rows(state.entities.arrays, LAYOUT, start, stop)
    return sections


def load(state: CorrelateState, sections: Mapping[str, bytes]) -> None:
    """Fill a new pipeline with what `dump` made.

    Raises
    ------
    StateMismatchError
        If the state was written in another format, or for another number of samples partitions.
    """
    head = orjson.loads(sections["head"])
    if head["v"] not in (FORMER_VERSION, FORMAT_VERSION):
        raise StateMismatchError(f"the state of incidents has format {head['v']}, this version reads {FORMAT_VERSION}")
    if head["samples_partitions"] != state.inbox.partitions:
        raise StateMismatchError(
            f"the state of incidents is of {head['samples_partitions']} samples partitions, the settings say"
            f" {state.inbox.partitions}; set topics.partitions back, or begin anew under another topics.prefix"
        )
    state.next_offset, state.rows_taken = head["next_offset"], head["rows_taken"]
    state.rejects = Counter({RejectReason(reason): count for reason, count in head["rejects"].items()})
    state.inbox.load_places(head["inbox"])
    state.entities.load(load_items("entities", sections), load_items("metrics", sections), head["entities"])
    state.inbox.load(load_items("waiting", sections))
    state.leads.load(load_items("leads", sections))
    for name, start, stop in ranges("scores", per_range(row_bytes(LAYOUT)), len(state.entities.known)):
        unpack_rows(state.entities.arrays, LAYOUT, start, stop, sections[name])
    for fields in load_items("scopes", sections):
        triage = state.triage(fields["scope"])
        assert triage is not None
        triage.load(fields)
