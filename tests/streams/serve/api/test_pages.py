"""Cursors are read as they were written, and nothing else is."""

from base64 import urlsafe_b64encode
from contextlib import suppress
from math import inf

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.serve.api.errors import ApiError
from streams.serve.api.pages import name_cursor, place_cursor, read_name, read_place
from streams.serve.board.lists import Place

RANKS = st.floats(allow_nan=False, allow_infinity=False) | st.just(inf)


@given(st.booleans(), RANKS, st.integers(0, 2**48 - 1))
def test_places_come_back(stale: bool, rank: float, tie: int) -> None:
    place = Place(stale, rank, float(tie))
    assert read_place(place_cursor(place)) == place


@given(st.text())
def test_names_come_back(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        return
    assert read_name(name_cursor(name)) == name


@given(st.text() | st.binary().map(lambda raw: urlsafe_b64encode(raw).decode()))
def test_nothing_else_does_more_than_be_refused(cursor: str) -> None:
    for read in (read_place, read_name):
        with suppress(ApiError):
            read(cursor)


@pytest.mark.parametrize("parts", [[], [1, 2, 3], [True, "0", 1], [True, True, None], [True, 1, True], {"a": 1}, "x"])
def test_other_parts_are_refused(parts: object) -> None:
    with pytest.raises(ApiError):
        read_place(urlsafe_b64encode(orjson.dumps(parts)).decode())


def test_no_cursor_is_the_beginning() -> None:
    assert [read_place(None), read_name(None), place_cursor(None), name_cursor(None)] == [None] * 4
