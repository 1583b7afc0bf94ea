"""Records of the rejects topic, as people and programs read them."""

import math

import orjson
import pytest

from streams.outputs.rejects import EXCERPT_BYTES_MAX, Coordinate, excerpt_of, reject_record
from streams.rejects import RejectReason

PLACE = Coordinate("telemetry", 2, 17, 5)


def test_a_reject_says_all_that_is_known() -> None:
    record = reject_record(
        "foreshock.rejects",
        PLACE,
        RejectReason.LATE,
        "three steps late",
        series='cpu{host="a"}',
        timestamp_ms=1700000000000,
        value=1.5,
    )
    assert record.topic == "foreshock.rejects"
    assert record.partition is None
    assert record.key == b"telemetry/2/17/5"
    assert record.value is not None
    assert orjson.loads(record.value) == {
        "v": 1,
        "kind": "reject",
        "reason": "late",
        "detail": "three steps late",
        "rows": 1,
        "source": {"topic": "telemetry", "partition": 2, "offset": 17, "row": 5},
        "series": 'cpu{host="a"}',
        "timestamp_ms": 1700000000000,
        "value": 1.5,
        "excerpt": None,
    }
    assert dict(record.headers)["ce_type"] == b"dev.foreshock.reject.v1"


@pytest.mark.parametrize(
    ("value", "written"),
    [(math.nan, "NaN"), (math.inf, "Infinity"), (-math.inf, "-Infinity"), (1e300, 1e300), (0.0, 0.0), (None, None)],
)
def test_values_that_json_has_no_number_for_are_text(value: float | None, written: object) -> None:
    record = reject_record("r", PLACE, RejectReason.NOT_FINITE, "no", value=value)
    assert orjson.loads(record.value or b"")["value"] == written


def test_an_excerpt_is_short_and_text_whatever_the_bytes() -> None:
    assert excerpt_of(b"ab\xff") == "ab\ufffd"
    assert len(excerpt_of(b"x" * 10_000)) == EXCERPT_BYTES_MAX
    assert excerpt_of(b"x" * (EXCERPT_BYTES_MAX - 1) + "é".encode()).endswith("x\ufffd")
