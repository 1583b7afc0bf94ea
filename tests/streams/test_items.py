"""Lists of items as sections."""

from hypothesis import given
from hypothesis import strategies as st

from streams.items import SECTION_BYTES_MAX, dump_items, load_items


def _items(size: int) -> list[str]:
    """Two items whose JSON takes so many bytes without the brackets."""
    return ["a" * 100, "b" * (size - 100 - len('"",""'))]


def test_items_are_cut_where_a_section_is_full() -> None:
    whole, cut = dump_items("x", _items(SECTION_BYTES_MAX)), dump_items("x", _items(SECTION_BYTES_MAX + 1))
    assert list(whole) == ["x/00000"]
    assert list(cut) == ["x/00000", "x/00001"]


def test_no_items_are_no_section() -> None:
    assert dump_items("x", []) == {}


@given(st.lists(st.integers(0, 3 * SECTION_BYTES_MAX // 4), max_size=4))
def test_items_come_back_in_their_order(sizes: list[int]) -> None:
    items = ["a" * size for size in sizes]
    sections = dump_items("x", items)
    assert load_items("x", sections) == items
    assert all(len(section) <= SECTION_BYTES_MAX + len("[]") for section in sections.values())
