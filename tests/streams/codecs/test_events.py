"""Messages of the events topic: what they mean, and every way to get one wrong."""

from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.codecs.events import EVENT_BYTES_MAX, ID_BYTES_MAX, SPAN_MS_MAX, decode_event, event_message
from streams.codecs.faults import Fault
from streams.events import Event
from streams.schema import EventKind
from streams.settings.limits import LimitSettings

T_MS = 1_700_000_000_000
LIMITS = LimitSettings(labels_per_series=3, name_bytes=100)

MINIMAL = {"id": "INC-7", "kind": "incident", "start": T_MS}
PLAIN = Event(
    id="INC-7",
    kind=EventKind.INCIDENT,
    start_ms=T_MS,
    end_ms=None,
    metric="*",
    labels={},
    learn=False,
    cancelled=False,
    title="",
    description="",
    judge=True,
)


def decoded(**changes: Any) -> Event | Fault:
    return decode_event(orjson.dumps(MINIMAL | changes), LIMITS)


def test_what_must_be_there_is_enough() -> None:
    assert decoded() == PLAIN


def test_null_is_as_good_as_absent() -> None:
    optional = ["end", "metric", "labels", "learn", "suppress", "judge", "cancelled", "title", "description"]
    assert decoded(**dict.fromkeys(optional)) == PLAIN


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"v": 1}, {}),
        ({"start": "2023-11-14T22:13:20Z"}, {}),
        ({"start": T_MS // 1000}, {}),
        ({"end": T_MS + 60_000}, {"end_ms": T_MS + 60_000}),
        ({"end": T_MS}, {"end_ms": T_MS}),
        ({"end": T_MS + SPAN_MS_MAX}, {"end_ms": T_MS + SPAN_MS_MAX}),
        ({"metric": "disk_*"}, {"metric": "disk_*"}),
        ({"labels": {"host": "a", "disk": "b"}}, {"labels": {"host": "a", "disk": "b"}}),
        ({"kind": "failure"}, {"kind": EventKind.FAILURE}),
        ({"kind": "maintenance"}, {"kind": EventKind.MAINTENANCE, "suppress": True, "judge": False}),
        ({"kind": "exclude"}, {"kind": EventKind.EXCLUDE, "judge": False}),
        ({"kind": "deploy"}, {"kind": EventKind.DEPLOY, "learn": True, "suppress": True, "judge": False}),
        ({"kind": "deploy", "learn": False}, {"kind": EventKind.DEPLOY, "suppress": True, "judge": False}),
        ({"learn": True}, {"learn": True}),
        ({"suppress": True, "judge": False}, {"suppress": True, "judge": False}),
        ({"cancelled": True}, {"cancelled": True}),
        ({"title": "disk full", "description": "é"}, {"title": "disk full", "description": "é"}),
    ],
)
def test_what_the_fields_mean(changes: dict[str, Any], expected: dict[str, Any]) -> None:
    assert decoded(**changes) == replace(PLAIN, **expected)


@pytest.mark.parametrize(
    ("payload", "reason", "told"),
    [
        (None, "empty_message", "no value"),
        (b"", "empty_message", "no value"),
        (b" " * (EVENT_BYTES_MAX + 1), "message_too_large", "16385 bytes"),
        (b"{", "malformed", "not JSON"),
        (b"[]", "unknown_format", "no JSON object"),
    ],
)
def test_what_is_no_event(payload: bytes | None, reason: str, told: str) -> None:
    fault = decode_event(payload, LIMITS)
    assert isinstance(fault, Fault)
    assert fault.reason == reason
    assert told in fault.detail


@pytest.mark.parametrize(
    ("changes", "reason", "told"),
    [
        ({"v": 2}, "unknown_format", "version '2', this release reads 1"),
        ({"lables": {"host": "a"}}, "unknown_field", "'lables'"),
        ({"id": None}, "missing_field", "no id"),
        ({"kind": None}, "missing_field", "no kind"),
        ({"start": None}, "missing_field", "whole event"),
        ({"id": 7}, "wrong_type", "id is a number"),
        ({"id": ""}, "bad_event", "id is empty"),
        ({"id": "x" * (ID_BYTES_MAX + 1)}, "name_too_long", "257 bytes"),
        ({"kind": "outage"}, "bad_event", "known are incident, failure, maintenance, deploy, exclude"),
        ({"kind": ["incident"]}, "wrong_type", "kind is an array"),
        ({"start": "yesterday"}, "wrong_type", "start: "),
        ({"end": True}, "wrong_type", "end: "),
        ({"end": T_MS - 1}, "bad_event", "before it starts"),
        ({"end": T_MS + SPAN_MS_MAX + 1}, "bad_event", "longer than 31d"),
        ({"start": "1999-01-01T00:00:00Z"}, "timestamp_out_of_range", "timestamp_min"),
        ({"start": "2200-01-01T00:00:00Z"}, "timestamp_out_of_range", "timestamp_max"),
        ({"end": 1e300}, "timestamp_out_of_range", "timestamp_max"),
        ({"metric": 1}, "wrong_type", "metric is a number"),
        ({"labels": ["host"]}, "wrong_type", "labels is an array"),
        ({"labels": {"host": 1}}, "wrong_type", "label 'host'"),
        ({"labels": dict.fromkeys("abcd", "")}, "too_many_labels", "4 labels"),
        ({"labels": {"host": "x" * 100}}, "name_too_long", "105 bytes"),
        ({"learn": "no"}, "wrong_type", "learn is a string"),
        ({"suppress": 0}, "wrong_type", "suppress is a number"),
        ({"judge": "yes"}, "wrong_type", "judge is a string"),
        ({"cancelled": 1}, "wrong_type", "cancelled is a number"),
        ({"title": 1}, "wrong_type", "title is a number"),
    ],
)
def test_what_is_wrong_is_told(changes: dict[str, Any], reason: str, told: str) -> None:
    fault = decoded(**changes)
    assert isinstance(fault, Fault)
    assert fault.reason == reason
    assert told in fault.detail


@settings(max_examples=100, deadline=None)
@given(
    st.builds(
        Event,
        id=st.text(st.characters(codec="utf-8"), min_size=1, max_size=9),
        kind=st.sampled_from(EventKind),
        start_ms=st.integers(T_MS, T_MS + 10**9),
        end_ms=st.none() | st.integers(T_MS + 10**9, T_MS + 2 * 10**9),
        metric=st.text(st.characters(codec="utf-8"), max_size=9),
        labels=st.just({"host": "é"}),
        title=st.text(st.characters(codec="utf-8"), max_size=9),
    )
)
def test_an_event_reads_back_from_its_message(event: Event) -> None:
    assert decode_event(event_message(event), LIMITS) == event


@settings(max_examples=50, deadline=None)
@given(st.binary())
def test_no_bytes_make_it_raise(payload: bytes) -> None:
    assert isinstance(decode_event(payload, LIMITS), Fault)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["end", "start", "kind", "labels", "metric", "learn", "v", "title"]),
        st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(st.characters(codec="utf-8"), max_size=9),
    )
)
def test_no_field_makes_it_raise(changes: dict[str, Any]) -> None:
    event = decoded(**changes)
    assert isinstance(event, Event | Fault)
