"""Scalers over HTTP: KEDA's metrics-api asks here, and people who want to know what was said."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from streams.serve.scaling.core.desk import KEPT, Desk
from streams.serve.scaling.core.refusals import Refusal
from streams.serve.scaling.core.scope import visible_scalers
from streams.serve.scaling.refused import acted_on
from streams.serve.scaling.views import decision_view, outcome_view, refusal_view, scaler_view
from streams.settings.scalers import Scaler

LIMIT_DEFAULT = 50
NO_STORE = {"Cache-Control": "no-store"}


def scale_router(desk: Desk, now_ms: Callable[[], int], scope: Callable[..., Mapping[str, str]]) -> APIRouter:
    """The routes below ``/scale``.

    Parameters
    ----------
    scope
        A dependency that gives the labels which a record must have for the caller to see it.
    """
    router = APIRouter(prefix="/scale", tags=["scalers"])

    def seen(scope: Annotated[Mapping[str, str], Depends(scope)]) -> dict[str, Scaler]:
        return visible_scalers(desk.scalers, scope)

    Seen = Annotated[dict[str, Scaler], Depends(seen)]  # noqa: N806  # a type

    @router.get("")
    def scalers(seen: Seen) -> JSONResponse:
        """All scalers, with what each said last."""
        items = [scaler_view(scaler, _newest(desk, name), _counts(desk, name)) for name, scaler in seen.items()]
        return _answer({"items": items, "next": None, "now_ms": now_ms()})

    @router.get("/{scaler}")
    def value(scaler: str, seen: Seen) -> JSONResponse:
        """What an autoscaler is to be given; 503 where there is nothing to be given."""
        if scaler not in seen:
            return _unknown(scaler)
        answer = acted_on(desk.ask(scaler, now_ms()).answer)
        if isinstance(answer, Refusal):
            return _answer(refusal_view(answer), 503)
        return _answer(decision_view(answer))

    @router.get("/{scaler}/decisions")
    def decisions(scaler: str, seen: Seen, limit: Annotated[int, Query(ge=1, le=KEPT)] = LIMIT_DEFAULT) -> JSONResponse:
        """What it said lately, the newest first; of a dry run, what it would have said."""
        if scaler not in seen:
            return _unknown(scaler)
        items = [outcome_view(outcome) for outcome in desk.kept(scaler)[:limit]]
        return _answer({"items": items, "next": None, "now_ms": now_ms()})

    return router


def _newest(desk: Desk, name: str) -> Any:
    kept = desk.kept(name)
    return kept[0] if kept else None


def _counts(desk: Desk, name: str) -> dict[str, int]:
    return {said: count for (scaler, said), count in desk.counts().items() if scaler == name}


def _unknown(scaler: str) -> JSONResponse:
    error = {"code": "not_found", "message": f"there is no scaler {scaler!r}", "parameter": "scaler"}
    return _answer({"error": error}, 404)


def _answer(body: dict[str, Any], status: int = 200) -> JSONResponse:
    # An autoscaler must never be given what somebody on the way has kept.
    return JSONResponse(body, status, headers=NO_STORE)
