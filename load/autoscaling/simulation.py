"""One policy over one trace, and what came of it."""

from typing import NamedTuple

import numpy as np

from load.autoscaling.policies import Look, Policy, Service
from load.autoscaling.replicas import Replicas
from load.autoscaling.trace import Trace
from models.arrays import Floats

MINUTES_PER_HOUR = 60


class Result(NamedTuple):
    """What a policy cost and what it failed to carry.

    Attributes
    ----------
    short_minutes
        Minutes with more load than the ready replicas carry.
    worst_shortfall
        The largest share of a minute's load that was not carried.
    unserved
        The share of all load that was not carried.
    replica_hours
        Of replicas that were ready or starting.
    scale_events
        Minutes in which another number was asked for than before.
    ready
        Replicas that were ready, by minutes [n].
    """

    minutes: int
    short_minutes: int
    worst_shortfall: float
    unserved: float
    replica_hours: float
    scale_events: int
    ready: Floats


def simulate(trace: Trace, service: Service, policy: Policy, first: int) -> Result:
    """Run a policy from minute `first` on, with the replicas that this minute needs."""
    needed = int(np.ceil(trace.load[first] / service.capacity))
    replicas = Replicas(min(max(needed, service.least), service.most), service.start_up_minutes)
    count = len(trace.load) - first
    ready, asked_for = np.zeros(count), np.zeros(count)
    ready_before = replicas.ready
    for place in range(count):
        minute = first + place
        replicas.pass_to(minute)
        replicas.scale(minute, policy(Look(minute, replicas.asked_for, replicas.ready, ready_before)))
        ready[place], asked_for[place] = replicas.ready, replicas.asked_for
        ready_before = replicas.ready
    return _result(trace.load[first:], service.capacity, ready, asked_for)


def _result(load: Floats, capacity: float, ready: Floats, asked_for: Floats) -> Result:
    short = np.maximum(load - ready * capacity, 0.0)
    return Result(
        minutes=len(load),
        short_minutes=int((short > 0).sum()),
        worst_shortfall=float(np.max(short / np.maximum(load, 1e-9))),
        unserved=float(short.sum() / load.sum()),
        replica_hours=float(asked_for.sum()) / MINUTES_PER_HOUR,
        scale_events=int((np.diff(asked_for) != 0).sum()),
        ready=ready,
    )
