"""Methods side by side in a backtest: the oracle, answers that are lacking, and what the summary says."""

from pathlib import Path

import numpy as np
import pytest

from load.backtest.comparison import unanswered_in
from load.recordings.table import SampleTable
from tests.load.backtest.helpers import recorded, run, samples

SERIES = ('cpu{host="a"}', 'cpu{host="b"}', 'disk{host="a"}', 'requests_total{host="a"}')


def with_gaps(table: SampleTable, seed: int = 5) -> SampleTable:
    """The same recording without one sample in ten."""
    kept = np.flatnonzero(np.random.default_rng(seed).random(len(table)) > 0.1)
    return SampleTable(table.series, table.index[kept], table.timestamp_ms[kept], table.value[kept])


def test_the_oracle_scores_exactly_zero_everywhere(tmp_path: Path) -> None:
    """Counters, gaps and several origins: whatever else it scores is an error of ours."""
    recording = recorded(tmp_path / "r.parquet", with_gaps(samples(SERIES, 400)))
    summary = run(recording, tmp_path / "out", "--step", "1m", "--horizon", "12", "--baselines", "oracle,naive")
    ours, naive, oracle, plain = summary["comparison"]["methods"]
    assert [ours["name"], naive["name"], oracle["name"], plain["name"]] == [
        "foreshock",
        "seasonal-naive",
        "oracle",
        "naive",
    ]
    assert (oracle["crps"], oracle["mase"], oracle["crps_relative"], oracle["coverage_80"]) == (0.0, 0.0, 0.0, 1.0)
    assert oracle["by_horizon"] == {"crps": [0.0] * 12, "coverage_80": [1.0] * 12}
    assert oracle["unanswered"] == 0
    assert oracle["calibration"]["below"] == pytest.approx([level / 10 for level in range(1, 10)])
    assert plain["crps"] > 0
    assert plain["forecasts"] == oracle["forecasts"] == ours["forecasts"] == 4 * len(summary["origins"])


def test_all_are_scored_on_the_same_series_and_samples(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "r.parquet", with_gaps(samples(SERIES, 400)))
    options = ("--step", "1m", "--horizon", "12", "--baselines", "naive")
    of_all = run(recording, tmp_path / "a", *options)
    of_two = run(recording, tmp_path / "b", *options, "--series-sample", "2")
    assert of_all["comparison"]["series"] == 4
    assert of_all["comparison"]["samples_scored"] == of_all["errors"]["samples_scored"]
    assert of_all["comparison"]["methods"][0]["crps"] == pytest.approx(of_all["errors"]["crps"])
    assert of_two["comparison"]["series"] == 2
    assert of_two["comparison"]["samples_scored"] < of_all["comparison"]["samples_scored"]
    # The engine's own figures stay those of all series.
    assert of_two["errors"] == of_all["errors"]
    assert of_two["by_horizon"] == of_all["by_horizon"]


def test_without_baselines_foreshock_and_seasonal_naive_are_compared_on_everything(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "r.parquet", samples(SERIES, 300))
    summary = run(recording, tmp_path / "out", "--step", "1m", "--horizon", "12")
    ours, naive = summary["comparison"]["methods"]
    assert summary["comparison"]["series"] == len(SERIES)
    assert ours["crps"] == summary["errors"]["crps"]
    assert naive["crps"] == summary["errors"]["crps_seasonal_naive"]
    assert (naive["crps_relative"], naive["mase_relative"]) == (1.0, 1.0)
    assert ours["us_per_sample"] > naive["us_per_sample"] > 0
    assert ours["calibration"] == summary["calibration"]
    assert [group["first"] for group in summary["calibration"]["by_horizon"]] == [1, 5, 9]


def test_an_answer_is_lacking_where_a_sample_came_and_a_decile_is_not_a_number() -> None:
    quantiles = np.zeros((4, 2, 9))
    quantiles[1, 0, 3] = np.nan
    quantiles[2, 1, 8] = np.inf
    quantiles[3, 1, :] = np.nan
    actual = np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, np.nan]])
    assert unanswered_in(quantiles, actual).tolist() == [1, 2]
