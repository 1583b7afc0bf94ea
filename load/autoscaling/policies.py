"""Policies to compare: each says minute by minute how many replicas to ask for.

What a minute brought is known when it is over, to all of them alike. A policy that asks at the beginning of a minute
has seen the minutes before it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from load.autoscaling.hpa import STABILISATION_MINUTES, Hpa
from load.autoscaling.trace import MINUTE_MS, Trace
from models.arrays import Floats
from streams.serve.scaling.core.decision import replicas_for
from streams.serve.scaling.core.load import Load, coming_load
from streams.serve.scaling.core.newest import Sample
from streams.settings.scalers import Scaler


class Look(NamedTuple):
    """What an autoscaler sees: which minute begins, replicas that are asked for, those that are ready, and those that
    were in the minute before."""

    minute: int
    asked_for: int
    ready: int
    ready_before: int


Policy = Callable[[Look], int]


class Service(NamedTuple):
    """What is scaled.

    Attributes
    ----------
    capacity
        Load that one replica carries at most.
    """

    capacity: float
    start_up_minutes: int
    least: int
    most: int


def reactive(trace: Trace, service: Service, target: float) -> Policy:
    """An HPA on the use of processors: it can't see more load than the ready replicas carry."""
    hpa = Hpa(service.least, service.most)

    def policy(look: Look) -> int:
        carried = min(trace.load[look.minute - 1] / (look.ready_before * service.capacity), 1.0)
        return hpa.of_utilisation(carried, target, look.ready_before, look.asked_for)

    return policy


def current_value(
    trace: Trace, service: Service, target: float, stabilisation_minutes: int = STABILISATION_MINUTES
) -> Policy:
    """KEDA on the newest value."""
    hpa = Hpa(service.least, service.most, stabilisation_minutes)

    def policy(look: Look) -> int:
        return hpa.of_total(trace.load[look.minute - 1], target * service.capacity, look.asked_for)

    return policy


def foreshock(trace: Trace, service: Service, target: float, loads: Sequence[float | None]) -> Policy:
    """KEDA on a scaler of foreshock; where it refuses, on the newest value, as a second trigger would have it."""
    hpa, per_replica = Hpa(service.least, service.most), target * service.capacity

    def policy(look: Look) -> int:
        load = loads[look.minute]
        if load is None:
            return hpa.of_total(trace.load[look.minute - 1], per_replica, look.asked_for)
        return hpa.of_total(float(max(replicas_for(load, per_replica), service.least)), 1.0, look.asked_for)

    return policy


def loads_to_carry(
    trace: Trace, first: int, lead_minutes: int, quantile: float, *, in_on_forecast: bool
) -> list[float | None]:
    """What a scaler of foreshock says at the beginning of each minute, from `first` on, that there will be to carry;
    None: it refuses.

    It depends neither on the replicas nor on what one of them carries.
    """
    scaler = Scaler.model_validate(
        {
            "name": "simulated",
            "series": trace.series,
            "per_replica": 1,
            "max_replicas": 1,
            "quantile": quantile,
            "lead_time": f"{lead_minutes}m",
            "scale_in_on_forecast": in_on_forecast,
        }
    )
    board, loads = _TraceBoard(trace), list[float | None]([None] * first)
    for minute in range(first, len(trace.load)):
        board.minute = minute - 1
        load = coming_load(board, scaler, trace.begin_ms + minute * MINUTE_MS)
        loads.append(load.to_carry if isinstance(load, Load) else None)
    return loads


def oracle(trace: Trace, service: Service) -> Policy:
    """Knows what comes: exactly the replicas that are needed when they will be ready, and no fewer on the way."""
    needed = np.ceil(trace.load / service.capacity - 1e-9)
    most = _largest_ahead(needed, service.start_up_minutes)

    def policy(look: Look) -> int:
        return min(max(int(most[look.minute]), service.least), service.most)

    return policy


@dataclass
class _TraceBoard:
    """The board as it was after a minute."""

    trace: Trace
    minute: int = 0
    ready: bool = field(default=True, init=False)

    def forecast(self, series: str) -> Mapping[str, Any] | None:  # noqa: ARG002  # there is one
        return self.trace.forecasts[self.minute]

    def newest(self, series: str, count: int) -> Sequence[Sample]:  # noqa: ARG002  # there is one
        return [(self.trace.begin_ms + self.minute * MINUTE_MS, float(self.trace.load[self.minute]))]

    def matching(self, metric: str, labels: Mapping[str, str], limit: int) -> Sequence[str]:  # noqa: ARG002  # there is one
        return [self.trace.series]


def _largest_ahead(values: Floats, minutes: int) -> Floats:
    """Of each minute and so many after it."""
    padded = np.concatenate([values, np.full(minutes, -np.inf)])
    largest: Floats = np.max(np.lib.stride_tricks.sliding_window_view(padded, minutes + 1), axis=1)
    return largest
