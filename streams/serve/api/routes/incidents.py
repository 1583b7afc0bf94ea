"""Incidents, and how one went."""

from dataclasses import replace
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from streams.schema import RecordKind
from streams.serve.api.asking import NAME_CHARACTERS_MAX, Asked, InstantMs, ListParameters, WholeBoard
from streams.serve.api.errors import not_found
from streams.serve.api.etags import answer
from streams.serve.api.incident_view import hidden_id, timeline, visible
from streams.serve.api.models import IncidentPage, OneIncident
from streams.serve.api.pages import place_cursor, read_place
from streams.serve.api.routes.responses import responses
from streams.serve.board.gist import ListName
from streams.serve.board.lists import parsed, ranked

router = APIRouter(tags=["incidents"])

STATUSES = {"open": ("open", "updated"), "closed": ("closed",)}


class IncidentList(ListParameters):
    """Incidents; `label` is looked for among their members, `metric` and `q` cut nothing down."""

    state: Literal["open", "closed"] | None = None
    since_ms: InstantMs | None = None


@router.get("/incidents", responses=responses(IncidentPage))
async def incidents(asked: WholeBoard, given: Annotated[IncidentList, Query()]) -> Response:
    """Incidents, the newest first, with the members that the asker may see."""
    states = () if given.state is None else STATUSES[given.state]
    wanted = replace(asked.wanted(given), states=states, since_ms=given.since_ms)
    page = ranked(asked.board, ListName.INCIDENTS, wanted, given.limit, read_place(given.cursor), asked.now_ms)
    items = [visible(parsed(row), asked.guest.labels) for row in page.rows]
    return answer(asked.request, {"items": items, "next": place_cursor(page.next)}, asked.now_ms)


@router.get("/incidents/{incident_id:path}", responses=responses(OneIncident))
async def one_incident(
    asked: WholeBoard, incident_id: Annotated[str, Path(max_length=NAME_CHARACTERS_MAX)]
) -> Response:
    """An incident, and its timeline."""
    record = asked.board.latest(RecordKind.INCIDENT, incident_id) or _by_hidden_id(asked, incident_id)
    seen = None if record is None else visible(record, asked.guest.labels)
    if seen is None:
        raise not_found("there is no such incident", "incident_id")
    return answer(asked.request, {**seen, "timeline": timeline(seen)}, asked.now_ms)


def _by_hidden_id(asked: Asked, given: str) -> dict[str, Any] | None:
    shelf = asked.board.shelves[ListName.INCIDENTS]
    for slot in shelf.order()[1].tolist():
        kept = shelf.at(slot)
        if hidden_id(kept.key.decode().partition("|")[2]) == given:
            record: dict[str, Any] = orjson.loads(kept.value)
            return record
    return None
