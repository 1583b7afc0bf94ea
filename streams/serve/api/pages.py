"""Cursors: where the next page begins, as a text that says nothing to those who are given it.

It holds no number of a row but a place in the order, so it stays right while rows come and go, in another process, and
after a restart. Whoever makes one up gets another place of a list that they may see anyway.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from math import isfinite, isnan
from typing import Any

import orjson

from streams.serve.api.errors import ApiError
from streams.serve.board.lists import Place

CURSOR_CHARACTERS_MAX = 4_096
INFINITE = "inf"
"""JSON has no number for it."""


def place_cursor(place: Place | None) -> str | None:
    """A place in a ranked list."""
    if place is None:
        return None
    return _encode([place.stale, place.rank if isfinite(place.rank) else INFINITE, place.tie])


def name_cursor(name: str | None) -> str | None:
    """A place in a list of names."""
    return None if name is None else _encode([name])


def read_place(cursor: str | None) -> Place | None:
    """Read what `place_cursor` wrote."""
    if cursor is None:
        return None
    match _decode(cursor):
        case [bool(stale), int() | float() | "inf" as rank, int() | float() as tie] if _is_number(tie):
            return Place(stale, float(rank), float(tie))
    raise _bad_cursor()


def read_name(cursor: str | None) -> str | None:
    """Read what `name_cursor` wrote."""
    if cursor is None:
        return None
    match _decode(cursor):
        case [str(name)]:
            return name
    raise _bad_cursor()


def _is_number(value: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not isnan(value)


def _encode(parts: list[Any]) -> str:
    return urlsafe_b64encode(orjson.dumps(parts)).rstrip(b"=").decode()


def _decode(cursor: str) -> object:
    if len(cursor) > CURSOR_CHARACTERS_MAX or not cursor.isascii():
        raise _bad_cursor()
    try:
        parts: object = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise _bad_cursor() from error
    return parts


def _bad_cursor() -> ApiError:
    return ApiError(400, "bad_cursor", "this is no cursor of this list; begin without one", "cursor")
