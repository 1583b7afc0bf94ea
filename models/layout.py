"""Struct-of-arrays state: one table says what a slot holds, and everything that handles slots reads that table.

A bank is a dictionary of arrays, the first axis of each being the slot. The layout names every array once, with its
unit and its meaning; allocation, growth, resets and the bytes of a checkpoint follow from it, so a field added to the
layout cannot be forgotten in any of them.
"""

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]
Slots = npt.NDArray[np.int64]


class Field(NamedTuple):
    """One array of a bank: `shape` is per slot, () for a scalar; `fill` is the value of a slot just reset."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    fill: float
    unit: str
    meaning: str


Layout = Sequence[Field]


def allocate(layout: Layout, capacity: int) -> Arrays:
    """Arrays of `capacity` fresh slots, each of shape (capacity, *field.shape), C-contiguous."""
    # Zeros come from the system, and cost nothing before they are written to: a load writes to all of them anyway.
    return {
        f.name: np.full(shape, f.fill, f.dtype) if f.fill else np.zeros(shape, f.dtype)
        for f in layout
        for shape in [(capacity, *f.shape)]
    }


def grow(arrays: Arrays, layout: Layout, capacity: int) -> Arrays:
    """The same slots followed by fresh ones, `capacity` in all."""
    larger = allocate(layout, capacity)
    for name, array in arrays.items():
        larger[name][: len(array)] = array
    return larger


def reset_rows(arrays: Arrays, layout: Layout, slots: Slots) -> None:
    """Make `slots` fresh again."""
    for f in layout:
        arrays[f.name][slots] = f.fill


def row_bytes(layout: Layout) -> int:
    """Bytes one slot takes, in memory and in a checkpoint alike."""
    return sum(np.dtype(f.dtype).itemsize * prod(f.shape) for f in layout)


def pack_rows(arrays: Arrays, layout: Layout, start: int, stop: int) -> bytes:
    """Slots [start, stop) as bytes: field after field in the layout's order, little-endian, C order."""
    return b"".join(arrays[f.name][start:stop].astype(_little_endian(f), copy=False).tobytes() for f in layout)


def unpack_rows(arrays: Arrays, layout: Layout, start: int, stop: int, payload: bytes) -> None:
    """Write into slots [start, stop) what `pack_rows` made of as many slots.

    Raises
    ------
    ValueError
        If the payload's length is not that of these slots in this layout; nothing is written then.
    """
    expected = (stop - start) * row_bytes(layout)
    if len(payload) != expected:
        raise ValueError(
            f"slots {start} to {stop} of this layout take {expected} bytes, the payload has {len(payload)}"
        )
    offset = 0
    for f in layout:
        rows = arrays[f.name][start:stop]
        rows[...] = np.frombuffer(payload, _little_endian(f), rows.size, offset).reshape(rows.shape)
        offset += rows.nbytes


def _little_endian(f: Field) -> np.dtype[Any]:
    return np.dtype(f.dtype).newbyteorder("<")


class SlotBank:
    """What all banks are: arrays of a layout for some slots, which grow, are cleared and become bytes.

    Parameters
    ----------
    capacity
        Slots there is room for at first.

    Attributes
    ----------
    arrays
        By the names of the layout. Growth makes new ones: hold the bank, not them.
    """

    def __init__(self, layout: Layout, capacity: int) -> None:
        self.layout = layout
        self.arrays = allocate(layout, capacity)

    @property
    def capacity(self) -> int:
        """Slots there is room for now."""
        return len(next(iter(self.arrays.values())))

    @property
    def slot_bytes(self) -> int:
        """Bytes a slot takes."""
        return row_bytes(self.layout)

    def reserve(self, slots: int) -> None:
        """Make room for at least so many slots; those there are stay as they are."""
        if slots > self.capacity:
            self.arrays = grow(self.arrays, self.layout, max(slots, 2 * self.capacity))

    def clear(self, slots: Slots) -> None:
        """Make these slots fresh again."""
        reset_rows(self.arrays, self.layout, slots)

    def pack(self, start: int, stop: int) -> bytes:
        """Slots [start, stop) as bytes."""
        return pack_rows(self.arrays, self.layout, start, stop)

    def unpack(self, start: int, stop: int, payload: bytes) -> None:
        """Put back what `pack` made of as many slots, for which room is made."""
        self.reserve(stop)
        unpack_rows(self.arrays, self.layout, start, stop, payload)
