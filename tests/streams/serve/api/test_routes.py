"""Every endpoint over a board of real records: answers are what the OpenAPI document says, and pages are the list."""

from collections import Counter
from typing import Any

import numpy as np
import orjson
import pytest
from pydantic import BaseModel

from streams.serve.api import models
from streams.serve.api.app import make_routes
from streams.serve.board.history import Samples, ascending
from streams.serve.context import ServeContext, TooManySamplesError
from streams.serve.standing import Standing
from tests.streams.serve import made
from tests.streams.serve.api.asking import ask, body, context

DISK = 'disk_used_bytes{host="a",namespace="shop"}'
COUNTER = 'requests_total{host="a",namespace="shop"}'
INCIDENT = '{}|1700028000000|{host="a",namespace="shop"}'

ENDPOINTS: list[tuple[str, dict[str, Any], type[BaseModel]]] = [
    ("/api/v1/status", {}, models.StatusAnswer),
    ("/api/v1/series", {}, models.SeriesPage),
    ("/api/v1/series/one", {"series": DISK}, models.OneSeries),
    ("/api/v1/series/one", {"series": COUNTER}, models.OneSeries),
    ("/api/v1/forecast", {"series": DISK}, models.Record),
    ("/api/v1/capacity", {"spark": 1}, models.RankedPage),
    ("/api/v1/failures", {"spark": 1}, models.RankedPage),
    ("/api/v1/quality", {}, models.RankedPage),
    ("/api/v1/anomalies", {}, models.AnomalyPage),
    ("/api/v1/incidents", {}, models.IncidentPage),
    (f"/api/v1/incidents/{INCIDENT}", {}, models.OneIncident),
]
LISTS = [f"/api/v1/{name}" for name in ("series", "capacity", "failures", "quality", "anomalies", "incidents")]


@pytest.fixture(scope="module")
def asked() -> ServeContext:
    return context()


@pytest.mark.parametrize(("path", "params", "model"), ENDPOINTS, ids=lambda value: str(value)[:40])
def test_answers_are_of_their_shape(
    asked: ServeContext, path: str, params: dict[str, Any], model: type[BaseModel]
) -> None:
    model.model_validate(body(ask(asked, path, **params)), strict=True)


@pytest.mark.parametrize(("path", "params", "model"), ENDPOINTS, ids=lambda value: str(value)[:40])
def test_who_asks_again_is_told_that_nothing_changed(
    asked: ServeContext, path: str, params: dict[str, Any], model: type[BaseModel]
) -> None:
    first = ask(asked, path, **params)
    again = ask(asked, path, headers={"If-None-Match": f'"other", {first.headers["etag"]}'}, **params)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert ask(asked, path, headers={"If-None-Match": '"other"'}, **params).status_code == 200


def test_the_openapi_document_has_every_endpoint_with_its_answer(asked: ServeContext) -> None:
    document = make_routes(asked).openapi()
    paths = {path: operation["get"] for path, operation in document["paths"].items() if path.startswith("/api/")}
    assert {path.replace(INCIDENT, "{incident_id}") for path, _, _ in ENDPOINTS} <= set(paths)
    for path, _, model in ENDPOINTS:
        answers = paths[path.replace(INCIDENT, "{incident_id}")]["responses"]
        schema = answers["200"]["content"]["application/json"]["schema"]
        assert schema["$ref"].endswith(f"/{model.__name__}")
        assert {"401", "404", "422"} <= set(answers)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", [1, 2])
def test_pages_are_the_list(asked: ServeContext, path: str, limit: int) -> None:
    whole = body(ask(asked, path, limit=200))
    assert whole["next"] is None
    items: list[Any] = []
    params: dict[str, Any] = {"limit": limit}
    while True:
        page = body(ask(asked, path, **params))
        items += page["items"]
        if page["next"] is None:
            break
        assert len(page["items"]) == limit
        params["cursor"] = page["next"]
    assert items == whole["items"]
    assert items


def test_a_series_comes_with_its_history_and_what_follows(asked: ServeContext) -> None:
    one = body(ask(asked, "/api/v1/series/one", series=DISK, history=30))
    assert len(one["history"]["t_ms"]) == len(one["history"]["v"]) == 30
    assert one["history"]["t_ms"][-1] == one["last_sample_at_ms"] == made.END_MS
    assert one["history"]["v"][-1] == one["last_value"]
    assert one["forecast"]["series"] == DISK
    assert [record["rule"] for record in one["capacity"]] == ["disk"]
    came = {t_ms: v for t_ms, v in zip(one["past"]["t_ms"], one["past"]["came"], strict=True) if v is not None}
    assert came
    for t_ms, v in came.items():
        if t_ms in one["history"]["t_ms"]:
            assert v == one["history"]["v"][one["history"]["t_ms"].index(t_ms)]
    # The newest was foretold of a time that has not come.
    assert one["past"]["came"][-1] is None


def test_a_counter_is_shown_as_it_is_forecast(asked: ServeContext) -> None:
    one = body(ask(asked, "/api/v1/series/one", series=COUNTER))
    assert one["transform"] == "rate_per_s"
    assert set(one["history"]["v"]) == {100.0 / 600.0}


def test_older_samples_are_read_where_they_are_asked_for() -> None:
    asked_for: list[tuple[str, str, int, int]] = []

    async def older(series: str, entity: str, since_ms: int, before_ms: int) -> Samples:
        asked_for.append((series, entity, since_ms, before_ms))
        return ascending(*_column([since_ms, since_ms + made.STEP_MS]))

    plain = context()
    asked = ServeContext(plain.settings, plain.board, plain.now_ms, older_samples=older)
    begins_ms = body(ask(asked, "/api/v1/series/one", series=DISK))["history"]["t_ms"][0]
    assert not asked_for
    since_ms = begins_ms - 10 * made.STEP_MS
    one = body(ask(asked, "/api/v1/series/one", series=DISK, since_ms=since_ms))
    assert asked_for == [(DISK, '{host="a",namespace="shop"}', since_ms, begins_ms)]
    assert one["history"]["t_ms"][:3] == [since_ms, since_ms + made.STEP_MS, begins_ms]


def _column(times: list[int]) -> Any:
    return np.array(times), np.array(times, np.float64)


def test_too_much_to_read_is_said() -> None:
    async def older(series: str, entity: str, since_ms: int, before_ms: int) -> Samples:
        raise TooManySamplesError("that is a lot")

    plain = context()
    asked = ServeContext(plain.settings, plain.board, plain.now_ms, older_samples=older)
    answer = ask(asked, "/api/v1/series/one", series=DISK, since_ms=0)
    assert answer.status_code == 413
    assert answer.json()["error"] == {"code": "too_large", "message": "that is a lot", "parameter": "since_ms"}


def test_lists_are_filtered(asked: ServeContext) -> None:
    def found(path: str, **params: Any) -> list[Any]:
        items: list[Any] = body(ask(asked, path, **params))["items"]
        return items

    assert {one["labels"]["host"] for one in found("/api/v1/failures", label="host=a")} == {"a"}
    assert {one["kind"] for one in found("/api/v1/failures", kind="hazard")} == {"hazard"}
    assert found("/api/v1/capacity", label=["host=a", "namespace=pay"]) == []
    assert {one["status"] for one in found("/api/v1/capacity", status="exhausted")} == {"exhausted"}
    assert [one["state"] for one in found("/api/v1/anomalies", state="open", anomaly="missing")] == ["open"]
    assert found("/api/v1/anomalies", anomaly="value") == []
    assert found("/api/v1/anomalies", since_ms=made.END_MS + 1) == []
    assert [one["status"] for one in found("/api/v1/incidents", state="closed")] == ["closed"]
    assert {one["metric"] for one in found("/api/v1/series", metric="lat*")} == {"latency_ms"}
    assert {one["labels"]["namespace"] for one in found("/api/v1/series", q="PAY disk")} == {"pay"}


def test_an_incident_has_a_timeline(asked: ServeContext) -> None:
    one = body(ask(asked, f"/api/v1/incidents/{INCIDENT}"))
    assert one["timeline"][0] == {"at_ms": one["opened_at_ms"], "what": "opened", "entity": None}
    assert one["timeline"][-1] == {"at_ms": one["closed_at_ms"], "what": "closed: too_long", "entity": None}
    assert [moment["at_ms"] for moment in one["timeline"]] == sorted(moment["at_ms"] for moment in one["timeline"])
    assert {moment["entity"] for moment in one["timeline"]} == {None, *[member["entity"] for member in one["members"]]}


def test_before_all_is_read_nothing_is_half_answered() -> None:
    asked = context(standing=Standing(caught_up=False, waits_for="its topics", lag_records={"t": 7}))
    for path, params, _ in ENDPOINTS[1:]:
        answer = ask(asked, path, **params)
        assert answer.status_code == 503
        assert answer.json()["error"]["code"] == "not_ready"
    status = body(ask(asked, "/api/v1/status"))
    assert (status["ready"], status["topics"]) == (False, {"t": {"lag_records": 7}})
    assert ask(asked, "/livez").status_code == 200
    assert ask(asked, "/readyz").status_code == 503


def test_a_broker_that_is_lost_makes_unready_and_answers_go_on() -> None:
    asked = context(standing=Standing(waits_for="the broker"))
    assert ask(asked, "/readyz").json() == {"ready": False, "waits_for": "the broker"}
    assert ask(asked, "/api/v1/capacity").status_code == 200


@pytest.mark.parametrize(
    ("path", "params", "status", "code", "parameter"),
    [
        ("/api/v1/series/one", {"series": "none"}, 404, "not_found", "series"),
        ("/api/v1/series/one", {"series": '{host="a",namespace="shop"}'}, 404, "not_found", "series"),
        ("/api/v1/series/one", {}, 422, "bad_parameter", "series"),
        ("/api/v1/forecast", {"series": "none"}, 404, "not_found", "series"),
        ("/api/v1/incidents/none", {}, 404, "not_found", "incident_id"),
        ("/api/v1/none", {}, 404, "not_found", None),
        ("/api/v1/series", {"lable": "host=a"}, 422, "unknown_parameter", "lable"),
        ("/api/v1/series", {"label": "host"}, 422, "bad_parameter", "label"),
        ("/api/v1/series", {"limit": 201}, 422, "bad_parameter", "limit"),
        ("/api/v1/series", {"limit": "many"}, 422, "bad_parameter", "limit"),
        ("/api/v1/series", {"quality": "good"}, 422, "bad_parameter", "quality"),
        ("/api/v1/capacity", {"rule": "nope"}, 422, "bad_parameter", "rule"),
        ("/api/v1/capacity", {"rule": "errors"}, 422, "bad_parameter", "rule"),
        ("/api/v1/failures", {"rule": "disk"}, 422, "bad_parameter", "rule"),
        ("/api/v1/capacity", {"cursor": "made-up"}, 400, "bad_cursor", "cursor"),
    ],
)
def test_errors_say_what_is_wrong(
    asked: ServeContext, path: str, params: dict[str, Any], status: int, code: str, parameter: str | None
) -> None:
    answer = ask(asked, path, **params)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert (error["code"], error["parameter"]) == (code, parameter)
    assert error["message"]


def test_records_are_answered_as_they_were_published(asked: ServeContext) -> None:
    published = {one.key: orjson.loads(one.value) for one in made.records() if one.value and b"|" in one.key}
    for item in body(ask(asked, "/api/v1/capacity"))["items"]:
        assert item.pop("stale") is False
        assert item.pop("severity") in {"now", "soon", "coming", "calm"}
        assert item == published[f"capacity|{item['series']}|{item['rule']}".encode()]


def test_rules_are_known_by_the_settings_or_by_what_there_is_of_them(asked: ServeContext) -> None:
    for rule in ("errors", "host", "good"):
        items = body(ask(asked, "/api/v1/failures", rule=rule))["items"]
        assert {one.get("rule") or one.get("hazard") or one.get("objective") for one in items} == {rule}
    assert body(ask(asked, "/api/v1/capacity", rule="disk"))["items"]
    # Another configuration has a rule of which there is nothing yet, and reads what its predecessor's rules said.
    settings = made.settings(capacity=[{"name": "memory", "metric": "memory_bytes", "limit": {"value": 1.0}}])
    other = ServeContext(settings, asked.board, asked.now_ms)
    assert body(ask(other, "/api/v1/capacity", rule="memory"))["items"] == []
    assert body(ask(other, "/api/v1/capacity", rule="disk"))["items"]


def test_the_status_counts_by_severity(asked: ServeContext) -> None:
    items = body(ask(asked, "/api/v1/capacity"))["items"]
    severities = body(ask(asked, "/api/v1/status"))["severities"]
    assert {name: count for name, count in severities.items() if count} == Counter(one["severity"] for one in items)
    assert sum(severities.values()) == len(items) > 0


def test_series_that_never_change_come_after_all_that_can_be_judged(asked: ServeContext) -> None:
    items = body(ask(asked, "/api/v1/quality"))["items"]
    constant = [one["constant"] for one in items]
    assert constant == sorted(constant)
    assert {one["metric"] for one in items if one["constant"]} == {"requests_total"}
    assert body(ask(asked, "/api/v1/series/one", series=COUNTER))["quality_record"]["constant"]
    assert not body(ask(asked, "/api/v1/series/one", series=DISK))["quality_record"]["constant"]
