"""The report's parts on insights: what is drawn, in which order, and what is laid over it."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from load.backtest.columns import by_series
from load.backtest.episodes import EPISODES_FILE, INCIDENTS_FILE, episodes_of, incidents_of
from load.backtest.errors import BacktestError
from load.backtest.evidence import Evidence
from load.backtest.failure_charts import outcomes
from load.backtest.labels import Label, about, labels_of
from load.backtest.report_anomalies import anomalies_part
from load.backtest.report_capacity import capacity_part
from load.backtest.report_failures import failures_part
from load.backtest.report_incidents import incidents_part
from load.backtest.report_objectives import objectives_part
from load.backtest.run import Predictions
from load.generate.fleet import generate_fleet
from load.generate.spec import HOUR_MS, MINUTE_MS, FleetSpec
from load.recordings.recording import open_recording
from streams.events import Event, EventKind, EventRecord
from streams.series import parse_series
from tests.load.backtest.helpers import START_MS, recorded, samples

NONE: list[Label] = []
TRUTH_COLOUR, EVENT_COLOUR = "var(--other-5)", "var(--other-3)"


def evidence(tmp_path: Path, labels: list[Label] = NONE) -> Evidence:
    recording = recorded(tmp_path / "r.parquet", samples(['cpu{host="a"}', 'cpu{host="b"}'], 240))
    return Evidence(tmp_path, open_recording(recording), labels)


def label(kind: str, series: str | None = 'cpu{host="a"}', entity: str = "", hours: float = 0.5) -> Label:
    labels = frozenset(parse_series("m" + entity).labels) if entity else frozenset()
    return Label(kind, "known", START_MS + HOUR_MS, START_MS + HOUR_MS + round(hours * HOUR_MS), series, labels)


def written(path: Path, rows: list[dict[str, Any]]) -> None:
    pq.write_table(pa.Table.from_pylist(rows), path)


def capacity_rows(series: str, level: float, p: float, full_h: float | None) -> list[dict[str, Any]]:
    """Predictions of three hours, the last of which says when it is full."""
    rows = [
        {
            "series": series,
            "rule": "disk",
            "last_sample_at_ms": START_MS + hour * HOUR_MS,
            "level": level * (1 + hour),
            "limit": 100.0,
            "gap": 100 - level * (1 + hour),
            "p_within_24h": p,
            "p_within_7d": p,
            "eta_horizon_h": 240.0,
        }
        for hour in range(3)
    ]
    now_ms = START_MS + 2 * HOUR_MS
    ends = {10: 0.5, 50: 1.0, 90: 2.0}
    etas = {
        f"exhausted_at_p{q}_ms": None if full_h is None else now_ms + round(s * full_h * HOUR_MS)
        for q, s in ends.items()
    }
    return [row | etas for row in rows]


def test_what_runs_out_is_drawn_with_the_first_on_top_and_what_is_reached_is_not(tmp_path: Path) -> None:
    series = {"later": (10.0, 0.5, 2.0), "soon": (20.0, 0.9, 1.0), "never": (5.0, 0.0, None), "full": (40.0, 1.0, -1.0)}
    rows = [row for name, course in series.items() for row in capacity_rows(f'cpu{{host="{name}"}}', *course)]
    written(tmp_path / "capacity.parquet", rows)
    known = [label("exhaustion", 'cpu{host="soon"}', hours=0), label("exhaustion", 'cpu{host="never"}', hours=0)]
    part = "".join(capacity_part(Predictions(12, rows[2::3]), evidence(tmp_path, known)))
    text = unescape(part)
    assert re.findall(r'<td>cpu{host="(\w+)"}', text) == ["full", "soon", "later", "never"]
    assert re.findall(r'<figcaption>cpu{host="(\w+)"}', text) == ["soon", "later"]
    assert "not within 10 days" in text
    charts = part.split("<figure>")[1:]
    assert [TRUTH_COLOUR in chart.split("<svg")[1] for chart in charts] == [True, False]


def failure_rows(series: str, probability: list[float], broken: list[int]) -> list[dict[str, Any]]:
    seen = np.cumsum([hour in broken for hour in range(len(probability))]).tolist()
    return [
        {
            "series": series,
            "rule": "errors",
            "last_sample_at_ms": START_MS + hour * HOUR_MS,
            "within_ms": 2 * HOUR_MS,
            "probability": p,
            "breaking": hour in broken,
            "failures_seen": seen[hour],
        }
        for hour, p in enumerate(probability)
    ]


def test_outcomes_are_known_once_the_time_is_over_and_not_asked_of_what_is_broken(tmp_path: Path) -> None:
    written(tmp_path / "failures.parquet", failure_rows("cpu", [0.0, 0.1, 0.2, 1.0, 0.4, 0.5, 0.6], [3]))
    rows = {name: np.array(pq.read_table(tmp_path / "failures.parquet")[name]) for name in ("series", "rule")}
    table = pq.read_table(tmp_path / "failures.parquet")
    rows |= {name: np.array(table[name]) for name in table.column_names if name not in rows}
    said, came = outcomes(by_series(rows, "rule")["cpu", "errors"])
    # At hour 3 it breaks; hours 5 and 6 are not over.
    assert said.tolist() == [0.0, 0.1, 0.2, 0.4]
    assert came.tolist() == [False, True, True, False]


def test_what_failed_most_is_drawn_beside_whether_words_were_kept(tmp_path: Path) -> None:
    rows = [
        *failure_rows('cpu{host="a"}', [0.1] * 40, [5, 20]),
        *failure_rows('cpu{host="b"}', [0.2] * 40, [6, 9, 30]),
        *failure_rows('cpu{host="c"}', [0.0] * 40, []),
    ]
    written(tmp_path / "failures.parquet", rows)
    known = [label("failure"), label("anomaly", 'cpu{host="b"}')]
    part = "".join(failures_part(Predictions(120, rows[39::40]), evidence(tmp_path, known)))
    assert re.findall(r'<figcaption>cpu{host="(\w+)"}', unescape(part)) == ["b", "a"]
    reliability, b, a = part.split("<figure>")[1:]
    assert "on the diagonal is honest" in reliability
    assert ["opacity: 0.25" in chart for chart in (a, b)] == [True, False]


def episode(series: str, kind: str, score: float, minute: int, state: str = "closed") -> dict[str, Any]:
    start_ms = START_MS + minute * MINUTE_MS
    return {
        "series": series,
        "anomaly": kind,
        "state": state,
        "start_ms": start_ms,
        "found_ms": start_ms + MINUTE_MS,
        "last_ms": start_ms + 5 * MINUTE_MS,
        "end_ms": start_ms + 9 * MINUTE_MS if state == "closed" else None,
        "score": score,
        "suppressed": False,
    }


def test_episodes_are_their_newest_records(tmp_path: Path) -> None:
    first = episode("cpu", "value", 0.5, 10, "open")
    written(
        tmp_path / EPISODES_FILE, [first, episode("cpu", "value", 0.9, 10), episode("cpu", "missing", 0.2, 5, "open")]
    )
    assert [(one.kind, one.score) for one in episodes_of(tmp_path)] == [("missing", 0.2), ("value", 0.9)]
    missing, value = episodes_of(tmp_path)
    assert (missing.end_ms, value.end_ms) == (START_MS + 10 * MINUTE_MS, START_MS + 19 * MINUTE_MS)


def test_an_episode_is_suppressed_if_all_that_was_told_while_it_went_on_was(tmp_path: Path) -> None:
    quiet = {"suppressed": True}
    rows = [
        *(episode("a", "value", 0.5, 10, "open") | quiet, episode("a", "value", 0.5, 10)),
        *(episode("b", "value", 0.5, 10, "open") | quiet, episode("b", "value", 0.9, 10, "open")),
    ]
    written(tmp_path / EPISODES_FILE, rows)
    assert [(one.series, one.suppressed) for one in episodes_of(tmp_path)] == [("a", True), ("b", False)]


def test_the_strangest_of_each_kind_are_drawn_with_what_is_known(tmp_path: Path) -> None:
    a, b = 'cpu{host="a"}', 'cpu{host="b"}'
    written(tmp_path / EPISODES_FILE, [episode(a, "value", 0.9, 100), episode(b, "flat_line", 0.5, 50)])
    part = "".join(anomalies_part(evidence(tmp_path, [label("anomaly", b)])))
    assert "2 episodes of 2 series: flat_line 1, value 1" in part
    assert re.findall(r'<figcaption>cpu{host="(\w+)"}', unescape(part)) == ["a", "b"]
    charts = [chart.split("<svg")[1] for chart in part.split("<figure>")[1:]]
    assert [TRUTH_COLOUR in chart for chart in charts] == [False, True]


def incident(number: int, *entities: str) -> dict[str, Any]:
    opened_ms = START_MS + number * HOUR_MS
    members = [
        {
            "entity": entity,
            "since_ms": opened_ms + place * MINUTE_MS,
            "last_ms": opened_ms + HOUR_MS,
            "predicted": False,
        }
        for place, entity in enumerate(entities)
    ]
    times = {"opened_at_ms": opened_ms, "updated_at_ms": opened_ms, "closed_at_ms": None}
    return {"id": str(number), **times, "members": members, "members_beyond": 2, "text": f"It is <{entities[0]}>."}


def test_incidents_are_drawn_with_their_members_in_order(tmp_path: Path) -> None:
    stale, a, b = incident(1, '{host="z"}'), '{host="a"}', '{host="b"}'
    lines = [orjson.dumps(one) + b"\n" for one in (stale, incident(2, b), incident(1, a, b))]
    (tmp_path / INCIDENTS_FILE).write_bytes(b"".join(lines))
    assert [one["members"][0]["entity"] for one in incidents_of(tmp_path)] == [a, b]
    part = "".join(incidents_part(evidence(tmp_path, [label("incident", None, b)])))
    text = unescape(part)
    assert "2 incidents" in text
    assert "&lt;" in part.split("<figcaption>")[1]
    largest = part.split("<figure>")[1].split("<svg")[1]
    assert re.findall(r"host=\W+(\w)", unescape(largest)) == ["a", "b"]
    assert TRUTH_COLOUR in largest


def test_nothing_is_said_of_what_was_not_there(tmp_path: Path) -> None:
    nothing = evidence(tmp_path)
    parts = [capacity_part(Predictions(0, []), nothing), failures_part(Predictions(0, []), nothing)]
    assert [list(part) for part in (*parts, anomalies_part(nothing), incidents_part(nothing))] == [[]] * 4


def test_labels_of_a_fleet_and_of_events(tmp_path: Path) -> None:
    fleet = generate_fleet(FleetSpec(hosts=1, services=2, volumes=2, days=9.0, step_ms=HOUR_MS // 6, cases=1))
    path = tmp_path / "fleet.truth.json"
    path.write_bytes(orjson.dumps(fleet.truth_json()))
    told = Event("v2", EventKind.DEPLOY, fleet.spec.start_ms, None, "queue_*", {"host": "spike-1"}, True, False, "", "")
    labels = labels_of(path, [EventRecord("events", 0, 1, told)])
    assert {one.about for one in labels} >= {"exhaustion", "failure", "anomaly", "incident", "event"}
    anomaly = next(one for one in fleet.truth.anomalies if one.kind == "spike")
    found = about(labels, anomaly.series, "anomaly", "event")
    assert (found[0].about, found[0].words) == ("event", "deploy v2")
    assert (found[1].start_ms, found[1].end_ms) == (anomaly.start_ms, anomaly.end_ms)
    cascade = next(one for one in fleet.truth.incidents if one.kind == "cascade")
    of_entity = [one for one in labels if one.is_of_entity(frozenset(parse_series("m" + cascade.also[0]).labels))]
    assert cascade.start_ms in [one.start_ms for one in of_entity]
    of_host = [one for one in labels if one.is_of_entity(frozenset({("host", "spike-1")}))]
    assert [one.about for one in of_host] == ["event", "anomaly", "anomaly", "anomaly"]
    assert not about(labels, 'cpu{host="elsewhere"}', "anomaly", "event", "gap")


@pytest.mark.parametrize("text", [b"{", b"{}", b"[]", None])
def test_a_truth_that_is_none_is_told(tmp_path: Path, text: bytes | None) -> None:
    path = tmp_path / "truth.json"
    if text is not None:
        path.write_bytes(text)
    with pytest.raises(BacktestError, match=r"truth\.json: can't be read"):
        labels_of(path, [])


def test_budgets_that_alert_come_first_and_then_those_with_least_left() -> None:
    def one(entity: str, left: float, alerting: bool = False, spent_ms: int | None = None) -> dict[str, Any]:
        said = {"objective": "available", "p_alert_within_24h": 0.25, "alerts_seen": 1}
        return said | {"entity": entity, "budget_left": left, "alerting": alerting, "exhausted_at_ms": spent_ms}

    rows = [one("fine", 0.9), one("low", 0.2, spent_ms=START_MS), one("spent", -0.5), one("burns", 0.95, alerting=True)]
    text = "".join(objectives_part(Predictions(4, rows)))
    assert text.index("burns") < text.index("-50.0 %") < text.index("20.0 %") < text.index("90.0 %")
    assert "not in its window" in text
    assert list(objectives_part(Predictions(0, []))) == []
