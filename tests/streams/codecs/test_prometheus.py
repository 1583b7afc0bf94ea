"""The JSON of prometheus-kafka-adapter, with its traps."""

import math
from typing import Any

import pytest

from tests.streams.codecs.samples import Told, adapter, decode, key, rows, told

T_MS = 1700000000000


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (adapter(), (key("up", host="a"), T_MS, 1.5)),
        (adapter(value="9876543210"), (key("up", host="a"), T_MS, 9876543210.0)),
        (adapter(value="-0.000001"), (key("up", host="a"), T_MS, -0.000001)),
        (adapter(value="+Inf"), (key("up", host="a"), T_MS, math.inf)),
        (adapter(value="-Inf"), (key("up", host="a"), T_MS, -math.inf)),
        (adapter(value="1" + "0" * 308), (key("up", host="a"), T_MS, 1e308)),
        (adapter(value="0." + "0" * 323 + "5"), (key("up", host="a"), T_MS, 5e-324)),
        (adapter(labels={"__name__": "up"}), (key("up"), T_MS, 1.5)),
        (adapter(labels={"__name__": "other", "zone": "z", "host": "a"}), (key("up", host="a", zone="z"), T_MS, 1.5)),
        (adapter(labels=...), (key("up"), T_MS, 1.5)),
    ],
)
def test_one_sample(document: Any, expected: tuple[Any, ...]) -> None:
    assert rows(decode("prometheus", document)) == [(0, *expected)]


def test_not_a_number_passes_for_validation_to_refuse() -> None:
    columns = decode("prometheus", adapter(value="NaN"))
    assert math.isnan(columns.value[0])
    assert columns.rejects == []


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b"", [(-1, "empty_message")]),
        (b"{", [(-1, "malformed")]),
        ([adapter()], [(-1, "unknown_format")]),
        (adapter(name=...), [(0, "missing_field")]),
        (adapter(name=1), [(0, "wrong_type")]),
        (adapter(value=...), [(0, "missing_field")]),
        (adapter(value=1.5), [(0, "wrong_type")]),
        (adapter(value=""), [(0, "wrong_type")]),
        (adapter(value="1_000"), [(0, "wrong_type")]),
        (adapter(value=" 1"), [(0, "wrong_type")]),
        (adapter(value="infinity"), [(0, "wrong_type")]),
        (adapter(value="0x10"), [(0, "wrong_type")]),
        (adapter(value="\uff11"), [(0, "wrong_type")]),
        (adapter(value="9" * 100_000), [(0, "wrong_type")]),
        (adapter(timestamp=...), [(0, "missing_field")]),
        (adapter(timestamp=1700000000), [(0, "wrong_type")]),
        (adapter(timestamp="2023-11-14T22:13:20"), [(0, "wrong_type")]),
        (adapter(labels=[]), [(0, "wrong_type")]),
        (adapter(labels={"a": 1}), [(0, "wrong_type")]),
    ],
)
def test_refused(document: Any, expected: Told) -> None:
    columns = decode("prometheus", document)
    assert rows(columns) == []
    assert told(columns) == expected
