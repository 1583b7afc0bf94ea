"""What decoders are fuzzed with: JSON of any shape, sound messages with parts exchanged, and bytes cut and spliced."""

import copy
from collections.abc import Callable
from typing import Any

import orjson
from hypothesis import strategies as st

INT64 = st.integers(-(2**63), 2**63 - 1)
NUMBERS = st.sampled_from(
    [0, -1, 2**31, 2**53, 2**62, 2**63 - 1, -(2**63), 2**63, 2**64 - 1, 1e17, 1e18, -1e308, 1e308, 5e-324, -0.0, 0.5]
)
TIMES = st.sampled_from(
    [
        *["1970-01-01T00:00:00Z", "2262-04-11T23:47:16Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"],
        *[0, 10**11, 10**14, 10**17, 1_700_000_000, 1_700_000_000_000, 1_700_000_060_000, 9_223_372_036_854_775_807],
    ]
)
NAMES = st.sampled_from(
    ["cpu", 'cpu{host="a"}', 'mem{host="a"}', "size", "a{", "}", "{}", 'a{b="\\', "\x00", "é" * 300]
)
SCALARS = (
    st.none() | st.booleans() | INT64 | st.floats(allow_nan=False) | NUMBERS | st.text(max_size=20) | NAMES | TIMES
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)

Change = tuple[list[int], Any, int]
"""Which way to go down into a document, what to put there, and how: 0 to 2 replaces, 3 removes, 4 adds."""

CHANGES = st.lists(st.tuples(st.lists(st.integers(0, 12), max_size=4), TREES, st.integers(0, 4)), max_size=4)


def documents(*sound: Any) -> st.SearchStrategy[Any]:
    """Any JSON, and these documents with some parts exchanged, added or gone."""
    return TREES | st.builds(changed, st.sampled_from(sound), CHANGES)


def payloads(*sound: Any) -> st.SearchStrategy[bytes]:
    """Any bytes, JSON, and the bytes of JSON cut and spliced."""
    encoded = documents(*sound).map(orjson.dumps)
    return st.binary(max_size=200) | encoded | st.builds(spliced, encoded, st.integers(0), st.binary(max_size=6))


def changed(document: Any, changes: list[Change]) -> Any:
    """A copy of the document with these changes."""
    document = copy.deepcopy(document)
    for way, part, how in changes:
        document = _with(document, way, part, how)
    return document


def spliced(payload: bytes, place: int, part: bytes) -> bytes:
    """Bytes with others written over them; with nothing, they end there."""
    at = place % (len(payload) + 1)
    return payload[:at] + part + payload[at + len(part) :] if part else payload[:at]


def _with(document: Any, way: list[int], part: Any, how: int) -> Any:
    keys = _keys(document)
    if not way or not keys:
        return part
    key = keys[way[0] % len(keys)]
    if len(way) > 1 and _keys(document[key]):
        document[key] = _with(document[key], way[1:], part, how)
    else:
        CHANGE[how](document, key, part)
    return document


def _keys(document: Any) -> list[Any]:
    if isinstance(document, dict):
        return list(document)
    return list(range(len(document))) if isinstance(document, list) else []


def _replace(document: Any, key: Any, part: Any) -> None:
    document[key] = part


def _remove(document: Any, key: Any, _part: Any) -> None:
    del document[key]


def _add(document: Any, _key: Any, part: Any) -> None:
    if isinstance(document, list):
        document.append(part)
    else:
        document[str(part)[:20]] = part


CHANGE: list[Callable[[Any, Any, Any], None]] = [_replace, _replace, _replace, _remove, _add]
