"""The insights keep to their bars on a generated fleet."""

from pathlib import Path

from rich.console import Console

from load.insights.truth.bars import BARS, missed
from load.insights.truth.figures import figures_of
from load.insights.truth.run import SPEC, run_fleet


def test_the_insights_keep_to_their_bars(tmp_path: Path) -> None:
    fleet = run_fleet(SPEC, tmp_path, Console(quiet=True))
    figures = figures_of(fleet, tmp_path)
    assert figures.keys() >= BARS.keys()
    assert missed(figures) == []
