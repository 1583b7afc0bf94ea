"""Series: search, and all that is known of one."""

from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query
from starlette.responses import Response

from streams.schema import RecordKind
from streams.serve.api.asking import Asked, InstantMs, ListParameters, SeriesParameters, WholeBoard
from streams.serve.api.errors import ApiError, not_found
from streams.serve.api.etags import answer
from streams.serve.api.models import OneSeries, Quality, Record, SeriesPage
from streams.serve.api.pages import name_cursor, read_name
from streams.serve.api.routes.responses import responses
from streams.serve.api.series_view import (
    beside_what_came,
    in_unit_of_forecasts,
    summary,
    transform_of,
    with_constancy,
    with_severity,
)
from streams.serve.board.gist import ListName
from streams.serve.board.history import Samples, ascending
from streams.serve.board.search import series_matching
from streams.serve.context import TooManySamplesError
from streams.settings.serve import HISTORY_MAX

router = APIRouter(tags=["series"])


class Search(ListParameters):
    """A search for series."""

    quality: Quality | None = None


class One(SeriesParameters):
    """A series, and how much of its history."""

    history: Annotated[int, Query(ge=0, le=HISTORY_MAX, description="Samples at most, the newest.")] = 240
    since_ms: InstantMs | None = None


@router.get("/series", responses=responses(SeriesPage))
async def series(asked: WholeBoard, given: Annotated[Search, Query()]) -> Response:
    """Series by metric, labels, text and quality, in the order of the alphabet."""
    wanted, after = asked.wanted(given), read_name(given.cursor)
    page = series_matching(asked.board, wanted, given.quality, given.limit, after, asked.now_ms)
    items = [summary(asked.board, number, asked.now_ms) for number in page.series]
    return answer(asked.request, {"items": items, "next": name_cursor(page.next)}, asked.now_ms)


@router.get("/series/one", responses=responses(OneSeries))
async def one_series(asked: WholeBoard, given: Annotated[One, Query()]) -> Response:
    """A series: its history, its forecast, what is predicted of it, and what was."""
    number, board = _number(asked, given.series), asked.board
    brief, transform = summary(board, number, asked.now_ms), transform_of(board, number)
    samples = in_unit_of_forecasts(await _samples(asked, number, given, brief["entity"]), transform)
    shown = _newest(samples, given)
    quality = board.latest(RecordKind.QUALITY, given.series)
    body = {
        **brief,
        "transform": transform,
        "history": {"t_ms": shown.t_ms, "v": shown.v},
        "forecast": board.latest(RecordKind.FORECAST, given.series),
        "quality_record": None if quality is None else with_constancy(quality),
        "capacity": [with_severity(record) for record in board.records_of(ListName.CAPACITY, given.series)],
        "failures": [with_severity(record) for record in board.records_of(ListName.FAILURES, given.series)],
        "anomalies": board.records_of(ListName.ANOMALIES, given.series),
        "past": beside_what_came(board.past.of(number), samples, brief["step_ms"]),
    }
    return answer(asked.request, body, asked.now_ms)


@router.get("/forecast", responses=responses(Record))
async def forecast(asked: WholeBoard, given: Annotated[SeriesParameters, Query()]) -> Response:
    """The forecast of a series, as it was published."""
    _number(asked, given.series)
    record: dict[str, Any] | None = asked.board.latest(RecordKind.FORECAST, given.series)
    if record is None:
        raise not_found("there is no forecast of this series", "series")
    return answer(asked.request, record, asked.now_ms)


def _number(asked: Asked, name: str) -> int:
    number = asked.board.directory.number(name)
    if number is None or not asked.may_see(name) or not asked.board.directory.series()[number]:
        raise not_found("there is no such series", "series")
    return number


async def _samples(asked: Asked, number: int, given: One, entity: str | None) -> Samples:
    """What is in memory, and before it what is asked for and still on the topic."""
    tail = asked.board.history.tail(number)
    begins_ms = int(tail.t_ms[0]) if len(tail.t_ms) else asked.now_ms
    older = asked.context.older_samples
    if older is None or entity is None or given.since_ms is None or given.since_ms >= begins_ms:
        return tail
    try:
        before = await older(given.series, entity, given.since_ms, begins_ms)
    except TooManySamplesError as error:
        raise ApiError(413, "too_large", str(error), "since_ms") from error
    return ascending(np.concatenate((before.t_ms, tail.t_ms)), np.concatenate((before.v, tail.v)))


def _newest(samples: Samples, given: One) -> Samples:
    """So many samples, and none that is older than was asked for."""
    since = 0 if given.since_ms is None else int(np.searchsorted(samples.t_ms, given.since_ms))
    begin = max(since, len(samples.t_ms) - given.history)
    return Samples(samples.t_ms[begin:], samples.v[begin:])
