"""The layout table drives allocation, growth, resets and bytes."""

import numpy as np
import pytest

from models.layout import Field, SlotBank, allocate, grow, pack_rows, reset_rows, row_bytes, unpack_rows

LAYOUT = (
    Field("level", "f8", (), np.nan, "own", "a scalar"),
    Field("ring", "f4", (3,), -1.0, "own", "a vector"),
    Field("seen", "i8", (), 0, "count", "an integer"),
    Field("open", "bool", (), False, "-", "a flag"),
)


def _filled() -> dict[str, np.ndarray]:
    arrays = allocate(LAYOUT, 4)
    arrays["level"][:] = [1.5, -2.0, np.nan, 1e300]
    arrays["ring"][:] = np.arange(12).reshape(4, 3)
    arrays["seen"][:] = [1, -1, 2**62, 0]
    arrays["open"][:] = [True, False, True, False]
    return arrays


def test_a_fresh_slot_holds_the_fill_values() -> None:
    arrays = allocate(LAYOUT, 2)
    assert np.isnan(arrays["level"]).all()
    assert arrays["ring"].tolist() == [[-1.0] * 3] * 2
    assert arrays["open"].tolist() == [False, False]


def test_row_bytes_are_those_of_the_arrays() -> None:
    # 8 + 3 x 4 + 8 + 1
    assert row_bytes(LAYOUT) == 29
    assert len(pack_rows(_filled(), LAYOUT, 1, 4)) == 3 * 29


def test_packed_rows_come_back_bit_for_bit_at_another_place() -> None:
    arrays = _filled()
    target = allocate(LAYOUT, 6)
    unpack_rows(target, LAYOUT, 3, 6, pack_rows(arrays, LAYOUT, 1, 4))
    for name, array in arrays.items():
        assert target[name][3:].tobytes() == array[1:].tobytes()
    assert np.isnan(target["level"][:3]).all()


def test_bytes_are_little_endian_field_after_field() -> None:
    arrays = _filled()
    payload = pack_rows(arrays, LAYOUT, 0, 2)
    assert payload[:16] == np.array([1.5, -2.0], "<f8").tobytes()
    assert payload[-2:] == b"\x01\x00"


def test_a_payload_of_the_wrong_length_is_refused_and_nothing_written() -> None:
    target = allocate(LAYOUT, 2)
    with pytest.raises(ValueError, match="take 58 bytes, the payload has 57"):
        unpack_rows(target, LAYOUT, 0, 2, bytes(57))
    assert np.isnan(target["level"]).all()


def test_growth_keeps_the_slots_and_adds_fresh_ones() -> None:
    arrays = _filled()
    larger = grow(arrays, LAYOUT, 6)
    assert larger["ring"][:4].tolist() == arrays["ring"].tolist()
    assert larger["ring"][4:].tolist() == [[-1.0] * 3] * 2


def test_reset_touches_its_slots_alone() -> None:
    arrays = _filled()
    reset_rows(arrays, LAYOUT, np.array([1, 3]))
    assert arrays["seen"].tolist() == [1, 0, 2**62, 0]
    assert arrays["ring"][0].tolist() == [0.0, 1.0, 2.0]


def test_a_bank_at_least_doubles_when_it_grows_and_never_shrinks() -> None:
    bank = SlotBank(LAYOUT, 4)
    rooms = []
    for slots in (4, 5, 3, 40):
        bank.reserve(slots)
        rooms.append(bank.capacity)
    assert rooms == [4, 8, 8, 40]


def test_a_bank_takes_the_slots_of_another_to_any_place_and_clears_them_alone() -> None:
    first, second = SlotBank(LAYOUT, 4), SlotBank(LAYOUT, 2)
    first.arrays = _filled()
    payload = first.pack(1, 4)
    assert len(payload) == 3 * first.slot_bytes
    second.unpack(5, 8, payload)
    assert second.pack(5, 8) == payload
    second.clear(np.array([6]))
    assert second.pack(6, 7) == SlotBank(LAYOUT, 1).pack(0, 1)
    assert (second.pack(5, 6), second.pack(7, 8)) == (first.pack(1, 2), first.pack(3, 4))
