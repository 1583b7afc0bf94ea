"""What is known of series before they have shown it: the gains of the recursions, and how far to trust each expert.

And the shape of its day, by metric. All come from a fleet (`foreshock fit`) and are figures only; a parameter set has a
name that every forecast bears.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Gains(NamedTuple):
    """Gains of the recursions, per sample unless it says otherwise; each in (0, 1].

    The defaults are a choice, rounded from a prototype's. `foreshock fit` looks for better ones, and says whether they
    are; what it found of recordings is in load/README.md, under Fit.
    """

    level_fast: float = 0.3
    level_slow: float = 0.05
    trend_fast_level: float = 0.5
    trend_fast: float = 0.1
    trend_slow_level: float = 0.1
    trend_slow: float = 0.01
    short_profile: float = 0.15  # per cycle
    short_level: float = 0.2
    long_profile: float = 0.25  # per cycle
    long_level: float = 0.2


class Params(NamedTuple):
    """Parameters of a bank.

    Attributes
    ----------
    name
        Names the set in every forecast.
    gains
        Of the recursions.
    loss_ratio
        By expert: its mean absolute error in units of the experts' mean, over a fleet (geometric mean). Experts that
        are not named have 1.
    shapes
        By metric: what its series are like in each hour of the local day, in units of their mean; see `shapes`.
    """

    name: str
    gains: Gains
    loss_ratio: Mapping[str, float]
    shapes: Mapping[str, tuple[float, ...]]


DEFAULTS = Params(
    name="default-1",
    gains=Gains(),
    loss_ratio={
        "last": 0.61,
        "level_fast": 0.68,
        "level_slow": 0.98,
        "trend_fast": 0.66,
        "trend_slow": 0.93,
        "short_naive": 1.05,
        "long_naive": 0.85,
        "short_slow": 0.97,
        "short_fast": 0.62,
        "long_slow": 0.77,
        "long_fast": 0.54,
        "phase_minor": 1.22,
        "phase_around": 0.92,
        "phase_long": 0.91,
    },
    shapes={},
)
