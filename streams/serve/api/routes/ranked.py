"""Ranked lists: what runs out, what fails, what is strange, and whose forecasts fare worst."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from streams.schema import RecordKind
from streams.serve.api.asking import Asked, InstantMs, ListParameters, Text, WholeBoard
from streams.serve.api.errors import ApiError
from streams.serve.api.etags import answer
from streams.serve.api.models import AnomalyPage, Quality, RankedPage
from streams.serve.api.pages import place_cursor, read_place
from streams.serve.api.routes.responses import responses
from streams.serve.api.series_view import spark, with_constancy, with_severity
from streams.serve.board.gist import BY_SEVERITY, ListName
from streams.serve.board.lists import Row, Wanted, parsed, ranked

router = APIRouter(tags=["ranked lists"])

RuleName = Annotated[Text | None, Query(description="The name of the rule, hazard or objective.")]
WithSpark = Annotated[bool, Query(description="With each record its series' newest samples and forecast.")]


RULES_OF = {ListName.CAPACITY: ("capacity",), ListName.FAILURES: ("failures", "hazards", "objectives")}
"""The sections of the settings whose rules a list is of."""


class CapacityList(ListParameters):
    """Capacity predictions."""

    status: Literal["exhausted", "imminent", "filling", "ok"] | None = None
    rule: RuleName = None
    spark: WithSpark = False


class FailureList(ListParameters):
    """Failure predictions."""

    kind: Literal["failure", "hazard", "objective"] | None = None
    rule: RuleName = None
    spark: WithSpark = False


class QualityList(ListParameters):
    """How forecasts fare."""

    quality: Quality | None = None


class AnomalyList(ListParameters):
    """Anomalies."""

    state: Literal["open", "closed"] | None = None
    anomaly: Literal["value", "level_shift", "variance", "flat_line", "missing", "cadence"] | None = None
    since_ms: InstantMs | None = None


@router.get("/capacity", responses=responses(RankedPage))
async def capacity(asked: WholeBoard, given: Annotated[CapacityList, Query()]) -> Response:
    """What runs out, the most urgent first."""
    rule = _known_rule(asked, ListName.CAPACITY, given.rule)
    wanted = replace(asked.wanted(given), states=_one(given.status), rule=rule)
    return _page(asked, ListName.CAPACITY, wanted, given, with_spark=given.spark)


@router.get("/failures", responses=responses(RankedPage))
async def failures(asked: WholeBoard, given: Annotated[FailureList, Query()]) -> Response:
    """What fails: rules, entities that wear out, error budgets; the most urgent first."""
    kinds = () if given.kind is None else (RecordKind(given.kind),)
    wanted = replace(asked.wanted(given), kinds=kinds, rule=_known_rule(asked, ListName.FAILURES, given.rule))
    return _page(asked, ListName.FAILURES, wanted, given, with_spark=given.spark)


@router.get("/quality", responses=responses(RankedPage))
async def quality(asked: WholeBoard, given: Annotated[QualityList, Query()]) -> Response:
    """How the forecasts of series fare, the worst skill first."""
    wanted = replace(asked.wanted(given), states=_one(given.quality))
    return _page(asked, ListName.QUALITY, wanted, given)


@router.get("/anomalies", responses=responses(AnomalyPage))
async def anomalies(asked: WholeBoard, given: Annotated[AnomalyList, Query()]) -> Response:
    """What is strange about series, the newest first."""
    wanted = replace(asked.wanted(given), states=_one(given.state), rule=given.anomaly, since_ms=given.since_ms)
    return _page(asked, ListName.ANOMALIES, wanted, given)


def _known_rule(asked: Asked, name: ListName, rule: str | None) -> str | None:
    """A rule of the settings, or of a record that was made by other ones; a misspelt one would show nothing."""
    configured = {one.name for section in RULES_OF[name] for one in getattr(asked.context.settings, section)}
    if rule is None or rule in configured or asked.board.shelves[name].rules.known(rule) >= 0:
        return rule
    raise ApiError(422, "bad_parameter", f"there is no rule {rule!r:.80}", "rule")


def _one(state: str | None) -> tuple[str, ...]:
    return () if state is None else (state,)


def _page(asked: Asked, name: ListName, wanted: Wanted, given: ListParameters, *, with_spark: bool = False) -> Response:
    page = ranked(asked.board, name, wanted, given.limit, read_place(given.cursor), asked.now_ms)
    items = [_item(asked, row, with_spark=with_spark) for row in page.rows]
    return answer(asked.request, {"items": items, "next": place_cursor(page.next)}, asked.now_ms)


def _item(asked: Asked, row: Row, *, with_spark: bool) -> dict[str, Any]:
    record: dict[str, Any] = {**parsed(row), "stale": row.stale}
    if record["kind"] in BY_SEVERITY:
        record = with_severity(record)
    elif record["kind"] == RecordKind.QUALITY:
        record = with_constancy(record)
    if with_spark:
        record["spark"] = spark(asked.board, row.subject) if "series" in record else None
    return record
