"""The score of a hazard on drives: leads and shares by hand, and a small fleet through the real code."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from load.insights.failure.__main__ import main
from load.insights.failure.drives import DAY_MS, Fleet, days_of
from load.insights.failure.run import run
from load.insights.failure.score import at_share, at_threshold, failures_of, rule_scores

SCORES = {
    "a": [(0, 0.0), (DAY_MS, 5.0), (2 * DAY_MS, 1.0)],
    "b": [(0, 0.0), (4 * DAY_MS, 2.0)],
    "c": [(0, 3.0)],
    "d": [(0, 0.0)],
}


def test_a_drive_stands_out_from_its_first_score_above_the_threshold() -> None:
    # a fails on day 8, first above 1.5 on day 1: 7 days before. b on day 4 itself: no lead. c is a false alarm.
    line = at_threshold("x", SCORES, {"a": 8 * DAY_MS, "b": 4 * DAY_MS}, 1.5)
    assert line.recall == (0.5, 0.5, 0.5)
    assert (line.flagged, line.precision) == (0.5, 0.5)


def test_a_share_of_the_healthy_drives_stands_out() -> None:
    healthy = {f"h{n}": [(0, float(n))] for n in range(100)}
    line = at_share("x", healthy | {"a": SCORES["a"]}, {"a": 2 * DAY_MS}, 0.1)
    assert line.flagged == pytest.approx(0.1)
    assert line.recall == (0.0, 0.0, 0.0)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty drives over 25 days, of which those that grow bad sectors fail on day 18; every row twice."""
    rng, rows = np.random.default_rng(0), []
    for day in range(25):
        for number in range(60):
            fails = number < 6
            if fails and day > 18:
                continue
            bad = float(max(0, day - 8) * 4) if fails else float(rng.random() < 0.01)
            date = str(np.datetime64("2026-01-01") + day)
            rows.append((date, f"D{number:03d}", int(fails and day == 18), bad, bad / 2))
    columns = ("date", "serial_number", "failure", "smart_5_raw", "smart_197_raw")
    table = pa.table({name: [row[place] for row in rows for _ in range(2)] for place, name in enumerate(columns)})
    path = tmp_path_factory.mktemp("drives") / "drives.parquet"
    pq.write_table(table, path)
    return path


def test_failing_drives_stand_out_in_time_and_say_why(data: Path) -> None:
    days = days_of(data)
    assert [len(day.drives) for day in days] == [60] * 19 + [54] * 6
    said = run(Fleet(days, frozenset(days[0].drives)), 0.05)
    failures = failures_of(days)
    assert at_share("hazard", said.scores, failures, 0.05).recall == (1.0, 1.0, 1.0)
    assert all(said.newest[drive]["failing"] for drive in failures)
    texts = [driver["text"] for driver in said.newest["D000"]["drivers"]]
    assert "smart_5_raw grew by 40 in 10 days" in texts
    rules = rule_scores(days)
    assert at_threshold("rule", rules["rule: 197 > 0"], failures, 0.5).recall == (1.0, 1.0, 1.0)


def test_the_command_prints_its_table_and_draws_reliability(data: Path, tmp_path: Path) -> None:
    plot = tmp_path / "reliability.svg"
    result = CliRunner().invoke(main, [str(data), "--plot", str(plot)], catch_exceptions=False)
    assert result.exit_code == 0
    assert "60 drives, 6 failures, 25 days" in result.output
    assert "hazard, threshold of other drives" in result.output
    assert plot.read_text().startswith("<svg")
    assert "--paper" in plot.read_text()
