"""Live updates: server-sent events that say what to ask for again.

A client has no queue of its own but a place in the ring of changes that all share. The ring is looked at a few times a
second; forecasts, which are many, go out once a second as one list. A client that does not read is dropped: its
connection after some seconds, its place once the ring has left it behind.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
from fastapi import APIRouter
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.responses import Response

from streams.schema import RecordKind
from streams.series import parse_series
from streams.serve.api.asking import Asked, WhoeverAsks
from streams.serve.api.errors import ApiError
from streams.serve.api.incident_view import visible
from streams.serve.board.changes import Change, FellBehindError
from streams.serve.board.directory import labels_have
from streams.serve.board.gist import OF_ENTITIES

LOOK_EVERY_S = 0.25
FORECASTS_EVERY_S = 1.0
HEARTBEAT_S = 15
SEND_TIMEOUT_S = 20.0
CHANGES_AT_ONCE = 1_000
SERIES_AT_ONCE = 500
"""A client that shows a page of series does not need to hear of all of them at once."""

CLIENTS_MAX = 256
EVENT_ID_DIGITS_MAX = 16

EVENTS = {
    RecordKind.CAPACITY: "capacity",
    RecordKind.FAILURE: "failure",
    RecordKind.HAZARD: "failure",
    RecordKind.OBJECTIVE: "failure",
    RecordKind.ANOMALY: "anomaly",
}

router = APIRouter(tags=["live"])


class Live:
    """What one client is told.

    Parameters
    ----------
    version
        The last change that the client knows of.
    """

    def __init__(self, asked: Asked, version: int) -> None:
        self._asked, self._version = asked, version
        self._ready = asked.context.standing.ready
        self._forecasts: dict[str, int] = {}
        self._looks = 0

    def look(self) -> list[ServerSentEvent]:
        """What has changed since the last look.

        Raises
        ------
        FellBehindError
            If more has than is kept.
        """
        events = []
        for change in self._asked.board.changes.after(self._version, CHANGES_AT_ONCE):
            self._version = change.version
            events += self._event_of(change)
        self._looks += 1
        if self._looks * LOOK_EVERY_S % FORECASTS_EVERY_S == 0:
            events += self._of_forecasts()
        ready = self._asked.context.standing.ready
        if ready != self._ready:
            self._ready = ready
            events.append(self._event("status", {"ready": ready}))
        return events

    def _event_of(self, change: Change) -> list[ServerSentEvent]:
        if change.kind is RecordKind.FORECAST:
            if self._may_see(change) and len(self._forecasts) < SERIES_AT_ONCE:
                self._forecasts[change.name] = change.origin_ms
            return []
        if change.kind is RecordKind.INCIDENT:
            return self._of_incident(change)
        name = EVENTS.get(change.kind)
        if name is None or not self._may_see(change):
            return []
        about = "series" if _is_series(change.kind) else "entity"
        return [self._event(name, {about: change.name, "origin_ms": change.origin_ms})]

    def _of_incident(self, change: Change) -> list[ServerSentEvent]:
        record = self._asked.board.latest(RecordKind.INCIDENT, change.name)
        seen = None if record is None else visible(record, self._asked.guest.labels)
        return [] if seen is None else [self._event("incident", {"id": seen["id"], "origin_ms": change.origin_ms})]

    def _of_forecasts(self) -> list[ServerSentEvent]:
        if not self._forecasts:
            return []
        told, self._forecasts = self._forecasts, {}
        return [self._event("forecast", {"series": list(told)})]

    def _may_see(self, change: Change) -> bool:
        labels = self._asked.guest.labels
        return not labels or labels_have(parse_series(change.name).labels, labels)

    def _event(self, name: str, data: dict[str, Any]) -> ServerSentEvent:
        return ServerSentEvent(orjson.dumps(data).decode(), event=name, id=str(self._version))


def _is_series(kind: RecordKind) -> bool:
    return kind not in OF_ENTITIES


class Clients:
    """How many watch."""

    def __init__(self) -> None:
        self.count = 0


@router.get("/live", response_class=EventSourceResponse)
async def live(asked: WhoeverAsks) -> Response:
    """Server-sent events: what has changed, to be asked for again; `lost` before one that fell behind is dropped."""
    clients: Clients = asked.request.app.state.clients
    if clients.count >= CLIENTS_MAX:
        raise ApiError(503, "too_many_clients", f"{CLIENTS_MAX} clients watch already")
    told = Live(asked, _begin(asked))
    return EventSourceResponse(events(told, clients), ping=HEARTBEAT_S, send_timeout=SEND_TIMEOUT_S)


def _begin(asked: Asked) -> int:
    """Where a client goes on; from now on, where it names no place, or one of another process's life."""
    newest = asked.board.version
    given = asked.request.headers.get("last-event-id", "")
    known = int(given) if given.isascii() and given.isdigit() and len(given) < EVENT_ID_DIGITS_MAX else newest
    return known if known <= newest else newest


async def events(told: Live, clients: Clients) -> AsyncIterator[ServerSentEvent]:
    """What a client is told, until it leaves or falls behind."""
    clients.count += 1
    try:
        while True:
            for event in told.look():
                yield event
            await asyncio.sleep(LOOK_EVERY_S)
    except FellBehindError:
        message = "more has changed than is kept: ask for everything again, and connect anew"
        yield ServerSentEvent(orjson.dumps({"reason": message}).decode(), event="lost")
    finally:
        clients.count -= 1
