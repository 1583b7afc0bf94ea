"""One decision: how many replicas the load to come needs, within the limits of its scaler."""

from dataclasses import dataclass
from math import ceil

from streams.serve.scaling.core.board import Board
from streams.serve.scaling.core.load import Load, coming_load
from streams.serve.scaling.core.refusals import Refusal
from streams.serve.scaling.core.restraint import Held, Restraint
from streams.settings.scalers import REPLICAS_MAX, Scaler

ROUNDING = 1e-9
"""Of a replica: seven times a replica's load, divided by it, is not to need eight."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a scaler answers, and why.

    Attributes
    ----------
    value
        What the autoscaler is given: `replicas`, or the load that needs just these.
    wanted
        Replicas before any limit.
    limited_by
        Settings that changed what was wanted.
    foretold, at_lead, newest
        The loads behind it: see `Load`.
    """

    scaler: str
    at_ms: int
    value: float
    replicas: int
    wanted: int
    limited_by: tuple[str, ...]
    foretold: float
    at_lead: float
    newest: float | None
    quantile: float
    lead_time_ms: int
    origin_ms: int
    series: tuple[str, ...]
    dry_run: bool

    @property
    def age_ms(self) -> int:
        """How old the oldest forecast behind it is."""
        return self.at_ms - self.origin_ms


def decide(board: Board, scaler: Scaler, restraint: Restraint, now_ms: int) -> Decision | Refusal:
    """The next decision of a scaler; a refusal leaves what it is held to as it was."""
    load = coming_load(board, scaler, now_ms)
    if isinstance(load, Refusal):
        return load
    wanted = replicas_for(load.to_carry, scaler.per_replica)
    held = restraint.hold(now_ms, wanted)
    return Decision(
        scaler=scaler.name,
        at_ms=now_ms,
        value=_value(scaler, load, held),
        replicas=held.replicas,
        wanted=wanted,
        limited_by=held.by,
        foretold=load.largest,
        at_lead=load.at_lead,
        newest=load.newest,
        quantile=scaler.quantile,
        lead_time_ms=scaler.lead_time_ms,
        origin_ms=load.origin_ms,
        series=load.series,
        dry_run=scaler.dry_run,
    )


def replicas_for(load: float, per_replica: float) -> int:
    """Replicas that carry a load; more than could ever be asked for count as that."""
    return ceil(min(load / per_replica, REPLICAS_MAX) - ROUNDING)


def _value(scaler: Scaler, load: Load, held: Held) -> float:
    """The answer, in the scaler's unit. Limits hold for a load, too: where they changed the replicas, it is theirs."""
    if scaler.output == "replicas":
        return float(held.replicas)
    return held.replicas * scaler.per_replica if held.by else load.to_carry
