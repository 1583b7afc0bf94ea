"""Protocol buffers' wire format, as much of it as reading takes: the fields of a message, one after the other."""

import struct
from collections.abc import Iterator

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
VARINT_BYTES_MAX = 10

_DOUBLE = struct.Struct("<d")
_SIGN = 1 << 63


class BadWireError(ValueError):
    """Bytes that are no message."""


def fields_of(message: memoryview) -> Iterator[tuple[int, int, memoryview | int]]:
    """Number, type and content of each field; a varint as a whole number, all else as its bytes.

    Raises
    ------
    BadWireError
        If a field ends behind the message, or is of no known type.
    """
    place, end = 0, len(message)
    while place < end:
        tag, place = _varint(message, place)
        number, kind = tag >> 3, tag & 7
        if kind == VARINT:
            value, place = _varint(message, place)
            yield number, kind, value
            continue
        if kind == LENGTH:
            size, place = _varint(message, place)
        elif kind in (FIXED64, FIXED32):
            size = 8 if kind == FIXED64 else 4
        else:
            raise BadWireError(f"a field of type {kind}")
        if size > end - place:
            raise BadWireError("a field that is longer than its message")
        yield number, kind, message[place : place + size]
        place += size


def signed(varint: int) -> int:
    """A varint as an int64."""
    varint &= (1 << 64) - 1
    return varint - (1 << 64) if varint & _SIGN else varint


def double_of(content: memoryview) -> float:
    """A field of eight bytes as a double."""
    value: float = _DOUBLE.unpack(content)[0]
    return value


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    for byte in message[place : place + VARINT_BYTES_MAX]:
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
    raise BadWireError("a number that does not end")
