"""Comparing two trials."""

import pytest

from load.fit.held_out import Trial, relative_loss


def trial(**losses: float) -> Trial:
    return Trial(None, None, losses)


def test_series_count_alike_whatever_their_units() -> None:
    """Halved for one, doubled for the other: 1, though the sum falls from 1,000,001 to 500,002."""
    assert relative_loss(trial(a=2.0, b=5e5), trial(a=1.0, b=1e6)) == pytest.approx(1.0)


def test_series_without_errors_are_left_out() -> None:
    assert relative_loss(trial(a=0.0, b=3.0, c=1.0), trial(a=1.0, b=4.0, c=0.0)) == pytest.approx(0.75)
    assert relative_loss(trial(a=0.0), trial(a=0.0)) is None
