"""What Prometheus is told of serve."""

import asyncio
import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from prometheus_client.metrics_core import Metric

from streams.serve.alerting.service import Alerting, Clocks
from streams.serve.board.board import Board
from streams.serve.board.incoming import Incoming
from streams.serve.exposition.collector import ServeCollector, Sources
from streams.serve.exposition.survey import METRICS_MAX, NOTHING, OTHERS, Survey, Surveyor, survey_of
from streams.serve.exposition.timing import Requests
from streams.serve.standing import Standing
from streams.settings.model import Settings
from tests.streams.serve.alerting.records import NOW_MS, anomaly, capacity, incident, made, value_of

REFERENCE = Path(__file__).parents[4] / "streams" / "serve" / "exposition" / "README.md"
SETTINGS = Settings.model_validate({"sources": [{"topic": "telemetry"}]})


class Serving:
    def __init__(self) -> None:
        self.board = Board(SETTINGS)
        self.requests: Requests = {}
        self.scaled: dict[tuple[str, str], int] = {}
        self.survey = NOTHING
        clocks = Clocks(lambda: NOW_MS, lambda: NOW_MS)
        self.alerting = Alerting(SETTINGS, "http://127.0.0.1:9470", clocks, chance=lambda: 1.0)
        self.standing = Standing()
        self.collector = ServeCollector(
            Sources(
                board=self.board,
                standing=self.standing,
                now_ms=lambda: NOW_MS,
                survey=lambda: self.survey,
                requests=self.requests,
                live_clients=lambda: 3,
                scaler_outcomes=lambda: self.scaled,
                alerting=self.alerting,
                writer=None,
                version="1.2.3",
            )
        )

    def tell(self, topic: str, key: str, record: dict[str, Any]) -> None:
        incoming = [Incoming(f"foreshock.{topic}", 0, 0, key.encode(), value_of(record))]
        self.board.apply(incoming)
        self.alerting.apply(incoming)

    def metrics(self) -> list[Metric]:
        return list(self.collector.collect())

    def figures(self) -> dict[tuple[str, ...], float]:
        return {
            (sample.name.removeprefix("foreshock_serve_"), *sample.labels.values()): sample.value
            for metric in self.metrics()
            for sample in metric.samples
        }


@pytest.fixture
def serving() -> Serving:
    return Serving()


def test_the_reference_has_every_metric(serving: Serving) -> None:
    serving.tell("anomalies", "anomaly|a|missing", anomaly("missing", "open"))
    rows = [
        f"| `{metric.name}{'_total' if metric.type == 'counter' else ''}` | {metric.type}"
        f" | {', '.join(getattr(metric, '_labelnames', ()))} | {metric.documentation} |"
        for metric in serving.metrics()
    ]
    assert re.findall(r"^\| `foreshock_.*$", REFERENCE.read_text(), re.MULTILINE) == rows, "\n".join(rows)


def test_what_the_topics_say_is_counted(serving: Serving) -> None:
    serving.tell("capacity", "capacity|a|disk", capacity(0.9, status="imminent"))
    serving.tell("capacity", "capacity|b|disk", capacity(0.0, status="ok", origin_ms=NOW_MS - 10**9))
    serving.tell("forecasts", "forecast|a", made("forecast", quality="unfit"))
    serving.tell("anomalies", "anomaly|a|missing", anomaly("missing", "open"))
    serving.tell("anomalies", "anomaly|a|value", anomaly("value", "closed"))
    serving.tell("incidents", "incident|1", incident("updated", '{host="a"}'))
    serving.tell("incidents", "incident|2", incident("closed", '{host="b"}', id="i-2"))
    figures = serving.figures()
    assert figures["capacity", "imminent"] == figures["capacity", "ok"] == 1
    assert figures["capacity", "exhausted"] == 0
    assert figures["expired_records", "capacity"] == 1
    assert figures["forecasts", "unfit"] == 1
    assert (figures["open_anomalies", "missing"], figures["open_anomalies", "value"]) == (1, 0)
    assert figures["open_incidents",] == 1
    assert figures["records", "capacity"] == 2
    assert figures["series",] == 2
    assert figures["alerts_firing", "ForeshockCapacity", "page"] == 1
    assert figures["alerts_withheld",] == 0
    assert figures["event_time_seconds",] > 0


def test_words_that_are_not_ours_become_no_labels(serving: Serving) -> None:
    serving.tell("capacity", "capacity|a|disk", capacity(0.9, status="x" * 1000))
    reject = {"kind": "reject", "reason": "surprise", "rows": 3}
    serving.board.apply([Incoming("foreshock.rejects", 0, 0, b"k", orjson.dumps(reject))])
    serving.board.apply([Incoming("foreshock.rejects", 0, 0, b"k", orjson.dumps(reject | {"reason": "late"}))])
    figures = serving.figures()
    assert figures["rejected_rows_total", "late"] == 3
    assert not [place for place in figures if "surprise" in place or "x" * 1000 in place]


def test_readiness_and_lag(serving: Serving) -> None:
    serving.standing.waits_for = "a broker"
    assert serving.figures()["ready",] == 0
    serving.standing.waits_for = None
    serving.standing.lag_records = {"foreshock.capacity": 7}
    figures = serving.figures()
    assert (figures["ready",], figures["lag_records", "foreshock.capacity"]) == (1, 7)


def test_who_asks(serving: Serving) -> None:
    serving.scaled["shop", "unfit"] = 7
    figures = serving.figures()
    assert figures["scaler_answers_total", "shop", "unfit"] == 7
    assert figures["live_clients",] == 3


def graded(metric: str, skill: float | None) -> dict[str, Any]:
    return {"metric": metric, "skill": skill, "coverage_80": None if skill is None else 0.8}


def test_a_survey_has_quantiles_by_metric() -> None:
    survey = survey_of([graded("load", place / 10) for place in range(11)] + [graded("cpu", None)])
    assert {place: round(value, 9) for place, value in survey.skill.items()} == {
        ("load", 0.1): 0.1, ("load", 0.5): 0.5, ("load", 0.9): 0.9,
    }  # fmt: skip
    assert survey.coverage["load", 0.5] == 0.8


def test_metrics_beyond_the_largest_are_one() -> None:
    many = [graded(f"m{place:03}", 0.5) for place in range(METRICS_MAX + 7)]
    survey = survey_of([*many, graded("large", 0.1), graded("large", 0.1)])
    names = {metric for metric, _ in survey.skill}
    assert len(names) == METRICS_MAX + 1
    assert {"large", "m000", OTHERS} <= names
    assert "m055" not in names


def test_the_survey_reads_what_the_board_holds(serving: Serving) -> None:
    for place in range(1_200):
        record = made("quality", series=f'load{{host="{place}"}}', metric="load", skill=0.25, coverage_80=0.75)
        serving.tell("quality", f"quality|{place}", record)
    surveyor = Surveyor(serving.board)
    asyncio.run(surveyor.look())
    serving.survey = surveyor.survey
    assert isinstance(serving.survey, Survey)
    assert serving.figures()["forecast_skill", "load", "0.5"] == 0.25
    assert serving.figures()["forecast_coverage", "load", "0.1"] == 0.75
