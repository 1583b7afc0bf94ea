"""Names stay in order, however many come and go at once."""

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from streams.serve.board import alphabet
from streams.serve.board.alphabet import Alphabet

NAMES = st.sampled_from([f"cpu{number}" for number in range(12)])


@given(st.lists(st.lists(st.tuples(NAMES, st.integers(0, 99) | st.none()), max_size=8)))
def test_names_are_in_order(rounds: list[list[tuple[str, int | None]]]) -> None:
    known: dict[str, int] = {}
    with patch.object(alphabet, "INSERTED_MAX", 3):
        order = Alphabet()
        for changes in rounds:
            for name, number in changes:
                if number is None:
                    order.remove(name)
                    known.pop(name, None)
                else:
                    order.add(name, number)
                    known[name] = number
            names, numbers = order.order()
            assert list(zip(names, numbers.tolist(), strict=True)) == sorted(known.items())
