"""All figures of a run."""

from pathlib import Path

from load.generate.fleet import Fleet
from load.insights.truth.capacity import capacity_figures
from load.insights.truth.failures import failure_figures


def figures_of(fleet: Fleet, out: Path) -> dict[str, float]:
    """Of each insight, by name."""
    return dict([*capacity_figures(fleet, out), *failure_figures(fleet, out)])
