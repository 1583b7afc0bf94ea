"""What a baseline is: a forecaster of a single series, which is told its samples in order and asked at the origins.

A forecaster knows the past alone. What is left of a long one is the same for all: `steps_kept`.
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from models.arrays import Floats

SEASONS_KEPT = 10
STEPS_KEPT_MIN = 1000
"""Where seasons are short, or there is none. Fitting takes a time in proportion: AutoETS has 30 s for 3,600 steps."""


def steps_kept(season: int) -> int:
    """How many of the newest steps a baseline may look back to."""
    return max(SEASONS_KEPT * season, STEPS_KEPT_MIN)


class Extra(NamedTuple):
    """What a baseline needs beyond foreshock's own: the module, and the optional extra that installs it."""

    module: str
    extra: str


PEERS_RIVER = Extra("river", "peers")
PEERS_STATSFORECAST = Extra("statsforecast", "peers")
FIT = Extra("statsmodels", "fit")


@dataclass(frozen=True, slots=True)
class Subject:
    """A series to forecast: steps in its season (1: it has none), and how many steps ahead."""

    season: int
    horizon: int


class Forecaster(Protocol):
    """A baseline at work on one series."""

    def learn(self, values: Floats) -> None:
        """The values of the next steps, NaN where no sample came."""
        ...

    def forecast(self) -> Floats:
        """Deciles of the steps ahead [horizon, deciles]; at least one sample has been learned."""
        ...


class Baseline(Protocol):
    """A method to be compared with. `needs` is None where it costs so little that no process is started for it."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def needs(self) -> Extra | None: ...

    def begin(self, subject: Subject) -> Forecaster:
        """A forecaster that knows nothing yet."""
        ...
