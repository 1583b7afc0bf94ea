"""The roles with state: what each reads, and where its state goes. The second reads what the first one writes."""

from collections.abc import Callable
from typing import NamedTuple

from streams.runtime.parts import Engine, Pipeline
from tests.simulation.cluster import SAMPLES, SIGNALS, SIGNALS_STATE, STATE


class Hop(NamedTuple):
    """A role with state; its group has its name."""

    group: str
    log: str
    state: str
    maker: Callable[[Engine], Callable[[int], Pipeline]]


FORECAST = Hop("forecast", SAMPLES, STATE, lambda engine: engine.pipeline)
CORRELATE = Hop("correlate", SIGNALS, SIGNALS_STATE, lambda engine: engine.correlate)
BOTH = (FORECAST, CORRELATE)
