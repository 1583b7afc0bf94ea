"""All figures."""

from pathlib import Path

from rich.console import Console

from load.insights.truth.anomalies import anomaly_figures
from load.insights.truth.capacity import capacity_figures
from load.insights.truth.failures import failure_figures
from load.insights.truth.hazards import hazard_figures
from load.insights.truth.incidents import incident_figures
from load.insights.truth.objectives import objective_figures
from load.insights.truth.run import DAYS, WEEKS, Scenario, run_fleet


def all_figures(out: Path, console: Console, weeks: Scenario = WEEKS, days: Scenario = DAYS) -> dict[str, float]:
    """Run both scenarios into folders of `out`; the figures of each insight, by name."""
    fleet, folder = run_fleet(weeks, out / "weeks", console), out / "weeks"
    insights = (capacity_figures, failure_figures, objective_figures, hazard_figures, anomaly_figures)
    figures = {name: value for of_insight in insights for name, value in of_insight(fleet, folder)}
    return figures | dict(incident_figures(run_fleet(days, out / "days", console), out / "days"))
