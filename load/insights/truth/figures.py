"""All figures of a run."""

from pathlib import Path

from load.backtest.episodes import EPISODES_FILE, INCIDENTS_FILE
from load.generate.fleet import Fleet
from load.insights.truth.anomalies import anomaly_figures
from load.insights.truth.capacity import capacity_figures
from load.insights.truth.failures import failure_figures
from load.insights.truth.incidents import incident_figures

INSIGHTS = {
    "capacity.parquet": capacity_figures,
    "failures.parquet": failure_figures,
    EPISODES_FILE: anomaly_figures,
    INCIDENTS_FILE: incident_figures,
}


def figures_of(fleet: Fleet, out: Path) -> dict[str, float]:
    """Of each insight that the backtest wrote a file of, by name."""
    written = [of_insight for file, of_insight in INSIGHTS.items() if (out / file).exists()]
    return {name: value for of_insight in written for name, value in of_insight(fleet, out)}
