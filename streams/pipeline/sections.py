"""The state of a pipeline as named sections of bytes, each small enough for one record.

=====================  ========================================================================================
``head``               JSON: version, next offset, sources and their watermarks, counts, the bank's anchors and experts
``series/NNNNN``       JSON: slots of the catalogue, in order
``waiting/NNNNN``      JSON: the rows that wait, by slot; ``young/NNNNN``: those that young series learned from
``open/NNNNN``         JSON: the steps that are open
``spans/NNNNN``        JSON: the events whose times are not learned from
``incidents/NNNNN``    JSON: the incidents that hazards settle by, and whether event time has yet to come to them
``grid/NNNNN``         a range of the grid's slots, as `models.layout.pack_rows` writes them
``forecast/NNNNN``     the forecast bank's slots of that range
``anomaly/NNNNN``      the anomaly bank's slots of that range
``capacity/NNNNN``     a range of the capacity bank's slots; ``capacity-pairs/NNNNN`` is JSON: whose they are
``failures/NNNNN``     the same of the failure bank; ``failures-pairs/NNNNN``
``signals/NNNNN``      the signal bank's slots of the grid's ranges
``told/NNNNN``         JSON: signals that the next flush will write
``hazards/NNNNN``      the same of the series whose signs hazards are made of; ``hazards-pairs/NNNNN``
``objectives/NNNNN``   and of the series whose events objectives count; ``objectives-pairs/NNNNN``
``hazard-owners/NNNNN``  a range of the hazards' entities; ``hazard-owners-names/NNNNN`` is JSON: which they are
``objective-owners/NNNNN``  the same of objectives: their budgets; ``objective-alerts/NNNNN``: how alerts are predicted
=====================  ========================================================================================

A pair names its rule by a fingerprint: when a rule is changed in the settings, what was learned under the old one is
dropped, and everything else is kept.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson

from streams.checkpoint import StateMismatchError
from streams.items import dump_items, load_items
from streams.pipeline.desk import Desk
from streams.pipeline.rows import Row
from streams.pipeline.rule_sections import dump_rules, load_rules
from streams.pipeline.slot_sections import dump_slots, load_slots
from streams.pipeline.sources import SourceId
from streams.pipeline.state import PipelineState
from streams.rejects import RejectReason

FORMAT_VERSION = 7
FORMER_VERSION = 6
"""Is read, too: there what waits to be signalled does not say what lasts."""


def dump(state: PipelineState, desk: Desk) -> dict[str, bytes]:
    """All sections of a pipeline between two steps."""
    sections = {"head": orjson.dumps(_head(state, desk))}
    sections |= dump_items("series", state.catalog.dump())
    sections |= dump_items("waiting", _dump_rows(state.admission.waiting))
    sections |= dump_items("young", _dump_rows(state.admission.young))
    sections |= dump_items("open", state.aggregator.dump())
    sections |= dump_items("spans", state.spans.dump())
    sections |= dump_items("incidents", state.hazards.failures.incidents.dump())
    sections |= dump_slots(state)
    sections |= dump_items("told", state.signals.dump_waiting())
    return sections | dump_rules(state)


def load(state: PipelineState, desk: Desk, sections: Mapping[str, bytes]) -> None:
    """Fill a new pipeline with what `dump` made.

    Raises
    ------
    StateMismatchError
        If the state was written in another format, for another horizon, or with other experts.
    """
    load_series(state, desk, sections)
    load_rules(state, sections)
    state.apply_settings()


def load_series(state: PipelineState, desk: Desk, sections: Mapping[str, bytes], without: Collection[str] = ()) -> None:
    """Fill all but the rules' pairs and banks; the slots of ranges `without` are left as they are.

    Raises
    ------
    StateMismatchError
        If the state was written in another format, or for another horizon.
    """
    head = orjson.loads(sections["head"])
    _check(state, head)
    _load_head(state, desk, head)
    state.reserve(head["slots"])
    state.catalog.load(load_items("series", sections))
    state.admission.waiting.update(_load_rows(load_items("waiting", sections)))
    state.admission.young.update(_load_rows(load_items("young", sections)))
    state.aggregator.load(load_items("open", sections))
    state.spans.load(load_items("spans", sections))
    state.hazards.failures.incidents.load(load_items("incidents", sections))
    load_slots(state, sections, without)
    state.signals.load_waiting(load_items("told", sections))


def _head(state: PipelineState, desk: Desk) -> dict[str, Any]:
    return {
        "v": FORMAT_VERSION,
        "next_offset": state.next_offset,
        "samples_accepted": state.samples_accepted,
        "swept_at_ms": state.swept_at_ms,
        "rejects": {reason.value: count for reason, count in sorted(desk.rejects.items())},
        "sources": state.sources.dump(),
        "watermark_ms": state.sources.watermark_ms,
        "source_ids": [list(source) for source in desk.source_ids],
        "slots": len(state.catalog.entries),
        "signals": state.signals.dump_places(),
        "anchors": state.bank.horizons.anchors.tolist(),
        "experts": state.bank.expert_names,
    }


def _load_head(state: PipelineState, desk: Desk, head: dict[str, Any]) -> None:
    state.next_offset = head["next_offset"]
    state.samples_accepted = head["samples_accepted"]
    state.swept_at_ms = head["swept_at_ms"]
    desk.rejects = Counter({RejectReason(reason): count for reason, count in head["rejects"].items()})
    state.sources.load(head["sources"], head["watermark_ms"])
    for source in head["source_ids"]:
        desk.source_number(SourceId(*source))
    state.signals.load_places(head["signals"])


def _check(state: PipelineState, head: dict[str, Any]) -> None:
    if head["v"] not in (FORMER_VERSION, FORMAT_VERSION):
        raise StateMismatchError(f"the state has format {head['v']}, this version reads {FORMAT_VERSION}")
    if head["anchors"] != state.bank.horizons.anchors.tolist():
        raise StateMismatchError(
            f"the state was learned for a horizon of {head['anchors'][-1]} steps, the settings ask for "
            f"{state.bank.horizons.steps}; set forecast.horizon back, or start afresh under another topics.prefix"
        )
    if head["experts"] != list(state.bank.expert_names):
        raise StateMismatchError(_other_experts(head["experts"], state.bank.expert_names))


def _other_experts(learned: Sequence[str], asked: Sequence[str]) -> str:
    alone, lacking = (", ".join(sorted(set(a) - set(b))) or "none" for a, b in ((learned, asked), (asked, learned)))
    return (
        f"the state was learned by other experts than the settings ask for (it alone has {alone}; it lacks {lacking}); "
        "set calendar, or the shapes in the file of forecast.params, back, or start afresh under another topics.prefix"
    )


def _dump_rows(held: Mapping[int, list[Row]]) -> list[Any]:
    return [[slot, [list(row) for row in rows]] for slot, rows in sorted(held.items())]


def _load_rows(items: list[Any]) -> dict[int, list[Row]]:
    return {slot: [Row(*row) for row in rows] for slot, rows in items}
