"""All policies over one trace, each at several targets.

A target is the share of what a replica can carry that it is to carry, and trades replica-hours for minutes that fall
short. So policies are compared where they cost the same.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from load.autoscaling.policies import Policy, Service, current_value, foreshock, loads_to_carry, oracle, reactive
from load.autoscaling.simulation import Result, simulate
from load.autoscaling.trace import Trace

TARGETS = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5, 0.4)
QUANTILES = (0.5, 0.9, 0.95, 0.99)
LONG_STABILISATION_MINUTES = 15
KEDA = "KEDA, newest value"


@dataclass(frozen=True, slots=True)
class Entry:
    """A policy at all targets; without targets of its own it has one result."""

    name: str
    targets: tuple[float, ...]
    results: tuple[Result, ...]

    def short_at(self, replica_hours: float) -> float | None:
        """Minutes that fall short where it costs so much, between targets in a straight line; None: it never does."""
        hours = [result.replica_hours for result in self.results]
        order = np.argsort(hours)
        if len(hours) < 2 or not min(hours) <= replica_hours <= max(hours):
            return None
        short = np.array([result.short_minutes for result in self.results], np.float64)
        return float(np.interp(replica_hours, np.array(hours)[order], short[order]))

    def at(self, target: float) -> Result:
        """The result at one of its targets."""
        return self.results[self.targets.index(target)]


def contest(trace: Trace, service: Service, first: int) -> list[Entry]:
    """Every policy at every target, scored from minute `first` on; the oracle first."""
    entries = [Entry("oracle", (1.0,), (simulate(trace, service, oracle(trace, service), first),))]
    for name, at_target in _contestants(trace, service, first):
        results = [simulate(trace, service, at_target(target), first) for target in TARGETS]
        entries.append(Entry(name, TARGETS, tuple(results)))
    return entries


def _contestants(trace: Trace, service: Service, first: int) -> Iterator[tuple[str, Callable[[float], Policy]]]:
    yield "HPA, use of processors", lambda target: reactive(trace, service, target)
    yield KEDA, lambda target: current_value(trace, service, target)
    yield (
        f"the same, scaling in after {LONG_STABILISATION_MINUTES} min",
        lambda target: current_value(trace, service, target, LONG_STABILISATION_MINUTES),
    )
    start_up = service.start_up_minutes
    for quantile in QUANTILES:
        yield f"foreshock, {_says(quantile)}", _foreshock(trace, service, first, start_up, quantile)
    late = 3 * start_up
    yield (
        f"foreshock, {_says(0.9)}, lead time {late} min",
        _foreshock(trace, service, first, late, 0.9),
    )
    yield (
        f"foreshock, {_says(0.9)}, forecast alone",
        _foreshock(trace, service, first, start_up, 0.9, in_on_forecast=True),
    )


def _foreshock(
    trace: Trace,
    service: Service,
    first: int,
    lead_minutes: int,
    quantile: float,
    *,
    in_on_forecast: bool = False,
) -> Callable[[float], Policy]:
    loads: Sequence[float | None] = loads_to_carry(trace, first, lead_minutes, quantile, in_on_forecast=in_on_forecast)
    return lambda target: foreshock(trace, service, target, loads)


def _says(quantile: float) -> str:
    return f"q {quantile:g}"
