"""The insights keep to their bars on a generated fleet."""

from pathlib import Path

from rich.console import Console

from load.insights.truth.bars import BARS, missed
from load.insights.truth.figures import all_figures


def test_the_insights_keep_to_their_bars(tmp_path: Path) -> None:
    figures = all_figures(tmp_path, Console(quiet=True))
    assert figures.keys() >= BARS.keys()
    assert missed(figures) == []
