"""Labels are identity: whatever may change of an alert is not among them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.serve.alerting.identity import ALERT_NAMES, Identity, fingerprint_of, identity_of, without_incident
from streams.serve.alerting.judging import Judge
from streams.serve.alerting.severity import Severity
from tests.streams.serve.alerting.records import LIFE_MS, anomaly, capacity, failure, incident, made, settings


def identity(record: dict[str, Any], severity: Severity = Severity.PAGE, name: str | None = None) -> Identity:
    finding = Judge(settings(), LIFE_MS).finding("key", record)
    assert finding is not None
    return identity_of(finding, severity, name)


@pytest.mark.parametrize(
    ("record", "labels"),
    [
        (capacity(0.5), {"alertname": "ForeshockCapacity", "metric": "disk_used_bytes", "rule": "disk", "host": "a"}),
        (failure(0.5), {"alertname": "ForeshockFailure", "metric": "error_rate", "rule": "errors", "host": "a"}),
        (made("hazard"), {"alertname": "ForeshockHazard", "rule": "host", "host": "a"}),
        (made("objective"), {"alertname": "ForeshockErrorBudget", "rule": "good", "host": "a"}),
        (
            anomaly("missing", "open"),
            {"alertname": "ForeshockAnomaly", "metric": "error_rate", "anomaly": "missing", "host": "a"},
        ),
        (
            incident("open", '{host="a"}', scope='{cluster="x"}'),
            {"alertname": "ForeshockIncident", "incident": "i-1", "cluster": "x"},
        ),
    ],
)
def test_who_an_alert_is(record: dict[str, Any], labels: dict[str, str]) -> None:
    assert dict(identity(record)) == labels | {"severity": "page"}


def test_every_kind_has_a_name() -> None:
    assert len(set(ALERT_NAMES.values())) == len(ALERT_NAMES)


def test_a_label_with_one_of_our_names_is_kept_under_another() -> None:
    labels = dict(identity(capacity(0.5, labels={"severity": "low", "rule": "x", "exported_rule": "y"})))
    assert (labels["severity"], labels["rule"]) == ("page", "disk")
    assert labels["exported_severity"] == "low"
    assert {labels["exported_rule"], labels["exported_exported_rule"]} == {"x", "y"}


def test_labels_are_what_alertmanager_takes() -> None:
    labels = dict(identity(capacity(0.5, labels={"a.b-c": "1", "9lives": "2", "none": ""})))
    assert {"a_b_c": "1", "_9lives": "2"}.items() <= labels.items()
    assert "none" not in labels


@given(st.dictionaries(st.text(min_size=1), st.text(min_size=1), max_size=5))
def test_no_label_is_lost(labels: dict[str, str]) -> None:
    assert len(identity(capacity(0.5, labels=labels))) == len(labels) + 4


def test_the_incident_that_covered_an_alert_is_left_out_and_an_incidents_own_is_not() -> None:
    assert without_incident(identity(capacity(0.5), name="i-1")) == identity(capacity(0.5))
    own = identity(incident("open", '{host="a"}'))
    assert without_incident(own) == own


def test_a_fingerprint_is_the_same_in_every_process() -> None:
    assert fingerprint_of((("alertname", "ForeshockCapacity"), ("host", "a"))) == "240fc2d8da89bc37"
