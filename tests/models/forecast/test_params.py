"""The fleet's figures are about experts that exist, and gains are gains."""

from models.forecast.experts.registry import families
from models.forecast.params import DEFAULTS
from models.forecast.shapes import Shapes


def test_loss_ratios_are_those_of_experts() -> None:
    names = {name for family in families(has_calendar=True, shapes=Shapes({})) for name in family.NAMES}
    assert DEFAULTS.loss_ratio.keys() <= names
    assert all(0.1 < ratio < 10.0 for ratio in DEFAULTS.loss_ratio.values())


def test_gains_lie_above_zero_and_not_above_one() -> None:
    assert all(0.0 < gain <= 1.0 for gain in DEFAULTS.gains)
