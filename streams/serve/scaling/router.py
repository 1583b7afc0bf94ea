"""Scalers over HTTP: KEDA's metrics-api asks here, and people who want to know what was said."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from streams.serve.api.asking import LIMIT, LIMIT_MAX, Asked, Parameters, WhoeverAsks
from streams.serve.api.errors import not_found
from streams.serve.scaling.core.desk import Desk, Outcome
from streams.serve.scaling.core.refusals import Refusal
from streams.serve.scaling.core.scope import visible_scalers
from streams.serve.scaling.refused import acted_on
from streams.serve.scaling.views import decision_view, outcome_view, refusal_view, scaler_view
from streams.settings.scalers import Scaler

router = APIRouter(prefix="/scale", tags=["scalers"])


class DecisionList(Parameters):
    """How much of what was said."""

    limit: int = Field(default=LIMIT, ge=1, le=LIMIT_MAX, description="How many items at most.")


# Not on a thread: the desk is the event loop's.


@router.get("")
async def scalers(asked: WhoeverAsks, _given: Annotated[Parameters, Query()]) -> Response:
    """All scalers, with what each said last."""
    desk = asked.context.desk
    items = [scaler_view(scaler, _newest(desk, name), _counts(desk, name)) for name, scaler in _seen(asked).items()]
    return _answer({"items": items, "next": None, "now_ms": asked.now_ms})


@router.get("/{scaler}")
async def value(scaler: str, asked: WhoeverAsks, _given: Annotated[Parameters, Query()]) -> Response:
    """What an autoscaler is to be given; 503 where there is nothing to be given."""
    answer = acted_on(asked.context.desk.ask(_known(asked, scaler), asked.now_ms).answer)
    if isinstance(answer, Refusal):
        return _answer(refusal_view(answer), 503)
    return _answer(decision_view(answer))


@router.get("/{scaler}/decisions")
async def decisions(scaler: str, asked: WhoeverAsks, given: Annotated[DecisionList, Query()]) -> Response:
    """What it said lately, the newest first; of a dry run, what it would have said."""
    kept = asked.context.desk.kept(_known(asked, scaler))
    items = [outcome_view(outcome) for outcome in kept[: given.limit]]
    return _answer({"items": items, "next": None, "now_ms": asked.now_ms})


def _seen(asked: Asked) -> dict[str, Scaler]:
    return visible_scalers(asked.context.desk.scalers, dict(asked.guest.labels))


def _known(asked: Asked, name: str) -> str:
    if name not in _seen(asked):
        raise not_found(f"there is no scaler {name!r:.80}", "scaler")
    return name


def _newest(desk: Desk, name: str) -> Outcome | None:
    return next(iter(desk.kept(name)), None)


def _counts(desk: Desk, name: str) -> dict[str, int]:
    return {said: count for (scaler, said), count in desk.counts().items() if scaler == name}


def _answer(body: dict[str, Any], status: int = 200) -> Response:
    # An autoscaler must never be given what somebody on the way has kept.
    return Response(orjson.dumps(body), status, {"cache-control": "no-store"}, media_type="application/json")
