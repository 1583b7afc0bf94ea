"""How long to wait before something is tried again."""

from hypothesis import given
from hypothesis import strategies as st

from streams.serve.alerting.patience import BACKOFF_MAX_S, backoff_s


def test_it_doubles_up_to_a_bound() -> None:
    assert [backoff_s(failures, 0.0) for failures in (1, 2, 3, 7, 1_000_000)] == [1.0, 2.0, 4.0, 60.0, 60.0]


@given(st.integers(1, 10**9), st.floats(0, 1))
def test_chance_takes_at_most_half(failures: int, chance: float) -> None:
    longest = backoff_s(failures, 0.0)
    assert 0.5 * longest <= backoff_s(failures, chance) <= longest <= BACKOFF_MAX_S
