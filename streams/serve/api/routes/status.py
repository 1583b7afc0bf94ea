"""The fleet at a glance; whether serve lives, and whether it is ready."""

from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from streams.schema import ForecastQuality
from streams.serve.api.asking import Asked, WhoeverAsks
from streams.serve.api.etags import answer
from streams.serve.api.models import StatusAnswer
from streams.serve.api.routes.responses import responses
from streams.serve.board.gist import ListName
from streams.serve.board.lists import Wanted, count
from streams.serve.board.search import wanted_series, with_quality
from streams.serve.board.severity import Severity
from streams.serve.context import ServeContext
from streams.settings.model import Settings

router = APIRouter(tags=["status"])
health = APIRouter(tags=["health"])

STATUSES = ("exhausted", "imminent", "filling", "ok")


@router.get("/status", responses=responses(StatusAnswer))
async def status(asked: WhoeverAsks) -> Response:
    """Counts of what there is, how far telemetry has come, and how far the topics are read."""
    board, standing = asked.board, asked.context.standing
    all_seen = not asked.guest.labels
    body = {
        "now": asked.context.settings.serve.now,
        "ready": standing.ready,
        "waits_for": standing.waits_for,
        "event_time_ms": board.event_time_ms,
        "behind_ms": max(0, asked.now_ms - board.event_time_ms),
        "step_ms": board.step_ms,
        **_counts(asked),
        "rules": _rules(asked.context.settings),
        "model": board.model,
        "version": _version(),
        "topics": {topic: {"lag_records": lag} for topic, lag in standing.lag_records.items()},
        "rejects": dict(board.rejects) if all_seen else {},
    }
    return answer(asked.request, body, asked.now_ms)


@health.get("/livez")
async def livez() -> Response:
    """Whether this process answers."""
    return JSONResponse({"live": True})


@health.get("/readyz")
async def readyz(request: Request) -> Response:
    """Whether the topics were read to their ends, and reading goes on."""
    context: ServeContext = request.app.state.context
    standing = context.standing
    body = {"ready": standing.ready, "waits_for": standing.waits_for}
    return JSONResponse(body, 200 if standing.ready else 503)


def _counts(asked: Asked) -> dict[str, Any]:
    board, mine = asked.board, Wanted(labels=asked.guest.labels)
    series = wanted_series(board, mine, None, asked.now_ms)
    by_quality = {quality: with_quality(board, quality, asked.now_ms) & series for quality in ForecastQuality}
    return {
        "series": int(np.count_nonzero(series)),
        "by_quality": {str(quality): int(np.count_nonzero(mask)) for quality, mask in by_quality.items()},
        "counts": {
            "capacity": count(board, ListName.CAPACITY, mine),
            "failures": count(board, ListName.FAILURES, mine),
            "anomalies_open": count(board, ListName.ANOMALIES, Wanted(labels=mine.labels, states=("open",))),
            "incidents_open": count(board, ListName.INCIDENTS, Wanted(labels=mine.labels, states=("open", "updated"))),
        },
        "statuses": {
            name: count(board, ListName.CAPACITY, Wanted(labels=mine.labels, states=(name,))) for name in STATUSES
        },
        "severities": {
            severity.word: count(board, ListName.CAPACITY, Wanted(labels=mine.labels, severity=severity))
            for severity in Severity
        },
    }


def _rules(settings: Settings) -> dict[str, int]:
    """How many rules there are of each kind: without one nothing is predicted of it."""
    kinds = ("capacity", "failures", "hazards", "objectives")
    return {kind: len(getattr(settings, kind)) for kind in kinds}


@cache
def _version() -> str:
    return version("foreshock")
