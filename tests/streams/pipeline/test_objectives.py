"""Objectives in the pipeline: many series make one budget, in event time, whatever the batches."""

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import OutputRecord
from tests.streams.pipeline import logs
from tests.streams.pipeline.logs import MINUTE_MS, T_MS, Log, by_key, event, fed, records, rows, run, said, state, tick

REQUESTS = {
    "name": "available",
    "target": 99.0,
    "window": "30d",
    "total": {"metric": "requests_total"},
    "bad": {"metric": "requests_total", "labels": {"code": "500"}},
}
FINE, BAD = 'requests_total{code="200",host="a"}', 'requests_total{code="500",host="a"}'


def objectives(outputs: Sequence[OutputRecord]) -> list[dict[str, Any]]:
    return [each for each in said(outputs, "foreshock.failures") if each and each["kind"] == "objective"]


def counters(minutes: int, bad_from: int = 10**9, bad: float = 50.0) -> Log:
    """A hundred requests a minute, some of which fail from a minute on."""
    samples, total, failed = [], 0.0, 0.0
    for minute in range(minutes):
        wrong = bad if minute >= bad_from else 0.0
        total, failed = total + 100.0 - wrong, failed + wrong
        samples += [(FINE, minute, total), (BAD, minute, failed)]
    return rows(samples)


def test_series_of_one_entity_add_up_to_one_budget() -> None:
    record = objectives(run(logs.pipeline(objectives=[REQUESTS]), counters(121, bad_from=111)))[-1]
    # Counters tell from their second sample on: 120 minutes of 100 requests, 50 bad in each of ten.
    assert (record["entity"], record["objective"]) == ('{host="a"}', "available")
    assert record["events"] == pytest.approx(12_000)
    assert record["bad_events"] == pytest.approx(500)
    # 500/12,000 = 4.17 % bad, 1 % allowed: the budget is overspent three times over.
    assert record["budget_left"] == pytest.approx(1 - 500 / 120)
    assert record["exhausted_at_ms"] == record["last_sample_at_ms"]


@pytest.mark.parametrize("order", [1, -1])
def test_series_whose_steps_close_together_add_up_too(order: int) -> None:
    """Of an aggregated source all series of an entity come at one instant."""
    gauges = REQUESTS | {"total": {"metric": "requests"}, "bad": {"metric": "requests", "labels": {"code": "500"}}}
    samples = [('requests{code="200",host="a"}', 90.0), ('requests{code="500",host="a"}', 10.0)][::order]
    log: list[Any] = []
    for minute in range(60):
        log += rows([(name, minute + 0.2, value) for name, value in samples], first_offset=2 * minute)
        log.append(tick(minute + 1))
    plain, summed = (
        logs.pipeline(objectives=[gauges], sources=[logs.PLAIN | {"aggregate": aggregate}])
        for aggregate in (None, "sum")
    )
    expected, got = (objectives(run(of_source, log))[-1] for of_source in (plain, summed))
    assert (got["events"], got["bad_events"]) == (expected["events"], expected["bad_events"]) == (5_600, 560)


def test_burn_rates_of_both_windows_fire_together() -> None:
    # 50 % bad is a burn rate of 50. 5 minutes after it begins the hour has 250/6000 / 1 % = 4.2, below 14.4.
    early, late = (
        objectives(run(logs.pipeline(objectives=[REQUESTS | {"every": "1m"}]), counters(minutes, bad_from=100)))[-1]
        for minutes in (105, 121)
    )
    fast = early["alerts"][0]
    assert (fast["long_ms"], fast["short_ms"], fast["burn_rate"]) == (60 * MINUTE_MS, 5 * MINUTE_MS, 14.4)
    assert fast["short_burn_rate"] == pytest.approx(50.0)
    assert fast["long_burn_rate"] == pytest.approx(25 / 6, rel=0.01)
    assert not fast["firing"]
    # After 21 minutes it has 1050/6000 / 1 % = 17.5.
    fast = late["alerts"][0]
    assert fast["long_burn_rate"] == pytest.approx(17.5)
    assert (fast["firing"], late["alerting"], late["p_alert_within_15m"]) == (True, True, 1.0)
    assert late["alerts_seen"] == 1


def test_an_alert_that_begins_or_ends_is_told_at_once() -> None:
    outputs = objectives(run(logs.pipeline(objectives=[REQUESTS | {"every": "1h"}]), counters(180, bad_from=100)))
    alerting = [((record["last_sample_at_ms"] - T_MS) // MINUTE_MS, record["alerting"]) for record in outputs]
    # The pair of 3 days and 6 hours at a rate of 1 fires first: 1 % of all events is bad with the second bad minute.
    begun = next(minute for minute, is_on in alerting if is_on)
    assert begun % 60
    assert 100 <= begun <= 102


def test_how_predictions_of_alerts_fared_is_told_with_every_fourth_record() -> None:
    outputs = run(logs.pipeline(objectives=[REQUESTS | {"every": "15m"}]), counters(400, bad_from=300))
    fared = [each for each in said(outputs, "foreshock.quality") if each and each["kind"] == "objective_quality"]
    hours = {record["last_sample_at_ms"] // (60 * MINUTE_MS) for record in objectives(outputs)}
    assert [record["origin_ms"] // (60 * MINUTE_MS) for record in fared] == sorted(hours)
    last = fared[-1]
    of_record = next(each for each in objectives(outputs) if each["last_sample_at_ms"] == last["origin_ms"])
    for name in ("looks_settled", "alerts_seen", "brier", "base_brier", "precision", "recall", "lead_p50_ms"):
        assert last[name] == of_record[name]
    assert last["alerts_seen"] == 1
    assert sum(last["bin_looks"]) == last["looks_settled"] > 0
    assert last["expires_at_ms"] - last["origin_ms"] == 120 * MINUTE_MS


def test_good_events_and_a_ratio_say_the_same() -> None:
    forms = {
        "good": {"total": {"metric": "requests"}, "good": {"metric": "good"}},
        "bad": {"total": {"metric": "requests"}, "bad": {"metric": "bad"}},
        "ratio": {"ratio": {"metric": "ratio"}},
    }
    values = {"requests": 100.0, "good": 98.0, "bad": 2.0, "ratio": 0.02}
    log = rows([(f'{name}{{host="a"}}', minute, value) for minute in range(60) for name, value in values.items()])
    for form in forms.values():
        objective = {
            "name": "x",
            "target": 90.0,
            "window": "1d",
            "alerts": [{"long": "1h", "short": "5m", "burn_rate": 2}],
            **form,
        }
        record = objectives(run(logs.pipeline(objectives=[objective]), log))[-1]
        assert record["budget_left"] == pytest.approx(0.8)
        assert record["alerts"][0]["long_burn_rate"] == pytest.approx(0.2)
        # 80 % left, spent at 0.2 a day: more than the window away.
        assert record["exhausted_at_ms"] is None


def test_when_the_budget_is_spent_is_told_as_an_instant() -> None:
    objective = {
        "name": "x",
        "every": "1m",
        "target": 90.0,
        "window": "1d",
        "ratio": {"metric": "ratio"},
        "alerts": [{"long": "1h", "short": "5m", "burn_rate": 8}],
    }
    log = rows([('ratio{host="a"}', minute, 0.4 if minute >= 1380 else 0.0) for minute in range(1440)])
    record = objectives(run(logs.pipeline(objectives=[objective]), log))[-1]
    # 60 minutes of 40 % in a day: 1.67 % of 10 %, 83 % left, and a rate of 4: 0.83/4 days.
    assert record["budget_left"] == pytest.approx(1 - 24 / 1440 / 0.1, rel=1e-6)
    lasts_ms = record["exhausted_at_ms"] - record["last_sample_at_ms"]
    assert lasts_ms / MINUTE_MS == pytest.approx((1 - 1 / 6) / 4 * 1440, rel=1e-6)


def test_excluded_times_spend_nothing() -> None:
    """Complaint: do not learn from the incident; let me mark it."""
    marked = [event(110, 200), *counters(160, bad_from=110)]
    record = objectives(run(logs.pipeline(objectives=[REQUESTS]), marked))[-1]
    assert record["bad_events"] == 0.0
    assert record["budget_left"] == 1.0


def test_no_traffic_is_no_failure() -> None:
    log = rows([(FINE, minute, 5.0) for minute in range(30)])
    record = objectives(run(logs.pipeline(objectives=[REQUESTS]), log))[-1]
    assert (record["events"], record["budget_left"], record["exhausted_at_ms"]) == (0.0, 1.0, None)


def test_before_any_outcome_the_chance_of_an_alert_is_a_prior_and_says_so() -> None:
    record = objectives(run(logs.pipeline(objectives=[REQUESTS]), counters(10)))[-1]
    assert (record["is_prior"], record["looks_settled"], record["brier"]) == (True, 0, None)
    assert record["p_alert_within_1h"] == pytest.approx(0.01)


def test_the_last_series_ends_the_key() -> None:
    given = logs.pipeline(objectives=[REQUESTS], limits={"series_per_partition": 2, "evict_after": "5m"})
    outputs = run(given, [*counters(5), tick(60), *rows([('other{host="b"}', 60, 1.0)], first_offset=100)])
    ended = [record.key for record in outputs if record.value is None and record.key.startswith(b"objective")]
    assert ended == [b'objective|{host="a"}|available', b'objective_quality|{host="a"}|available']


CONFIG = PipelineConfig.from_settings(logs.settings(objectives=[REQUESTS | {"every": "1m"}]))


def busy_log(seed: int) -> Log:
    random, samples, counted = Random(seed), [], dict.fromkeys((h, c) for h in "ab" for c in ("200", "500"))
    for minute in range(40):
        for host, code in random.sample(sorted(counted), k=random.randrange(2, 5)):
            counted[host, code] = (counted[host, code] or 0) + random.choice([0, 1, 5])
            samples.append((f'requests_total{{code="{code}",host="{host}"}}', minute, float(counted[host, code] or 0)))
    return rows(samples)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 2**32), st.floats(0, 1))
def test_batches_and_crashes_make_no_difference(seed: int, cut_seed: int, share: float) -> None:
    log, random = busy_log(seed), Random(cut_seed)
    whole, cut, again = PartitionPipeline(CONFIG), PartitionPipeline(CONFIG), PartitionPipeline(CONFIG)
    expected = by_key(fed(whole, records(log), []))
    inputs = records(log, {place for place in range(len(log)) if random.random() < share})
    half = random.randrange(len(inputs))
    got = fed(cut, inputs[:half], [1] * random.randrange(40))
    again.load(cut.dump())
    assert again.dump() == cut.dump()
    assert by_key([*got, *fed(again, inputs[half:], [1] * random.randrange(40))]) == expected
    assert state(again) == state(whole)


def test_an_absurd_first_timestamp_does_not_stop_the_entity_for_ever() -> None:
    log = [("requests", 10**6, 1.0), *[(name, minute, 1.0) for minute in range(12) for name in ("requests", "bad")]]
    objective = {"name": "x", "target": 90, "every": "1m", "total": {"metric": "requests"}, "bad": {"metric": "bad"}}
    alerts = [{"long": "1h", "short": "5m", "burn_rate": 2}]
    given = logs.pipeline(objectives=[objective | {"alerts": alerts}], limits={"jump_steps": 20})
    record = objectives(run(given, rows([(f'{name}{{host="a"}}', minute, value) for name, minute, value in log])))[-1]
    assert record["last_sample_at_ms"] == T_MS + 11 * MINUTE_MS
    assert record["alerting"]
