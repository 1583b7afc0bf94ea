"""The comparison as Markdown."""

from collections.abc import Iterator, Sequence

from load.autoscaling.contest import KEDA, Entry
from load.autoscaling.simulation import Result

SHOWN = (0.9, 0.8, 0.7)
REFERENCES = (0.8, 0.7, 0.6)
"""Targets of KEDA on the newest value whose costs the others are compared at."""


def results_table(entries: Sequence[Entry]) -> Iterator[str]:
    """Every policy at some targets."""
    yield "| policy | target | short, min | of all | worst | unserved | replica-hours | scale events |"
    yield "|---|---|---|---|---|---|---|---|"
    for entry in entries:
        for target in SHOWN if len(entry.targets) > 1 else entry.targets:
            yield _row(entry.name, target, entry.at(target))


def equal_cost_table(entries: Sequence[Entry]) -> Iterator[str]:
    """Minutes that fall short where each policy costs what KEDA on the newest value does at some targets."""
    keda = next(entry for entry in entries if entry.name == KEDA)
    costs = [keda.at(target).replica_hours for target in REFERENCES]
    heads = [f"{cost:,.0f} h (KEDA at {target:g})" for cost, target in zip(costs, REFERENCES, strict=True)]
    yield f"| short, min, at | {' | '.join(heads)} |"
    yield f"|---|{'---|' * len(costs)}"
    for entry in entries:
        if len(entry.targets) > 1:
            yield f"| {entry.name} | {' | '.join([_minutes(entry.short_at(cost)) for cost in costs])} |"


def _row(name: str, target: float, result: Result) -> str:
    cells = [
        *(name, f"{target:g}", f"{result.short_minutes:,}", f"{100 * result.short_minutes / result.minutes:.2f} %"),
        *(f"{100 * result.worst_shortfall:.0f} %", f"{100 * result.unserved:.3f} %"),
        *(f"{result.replica_hours:,.0f}", f"{result.scale_events:,}"),
    ]
    return f"| {' | '.join(cells)} |"


def _minutes(short: float | None) -> str:
    return "never" if short is None else f"{short:,.0f}"
