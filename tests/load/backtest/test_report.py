"""The report: a page that stands alone, in both of its palettes, with the worst series first."""

import re
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from load.backtest.accuracy import SeriesErrors
from load.backtest.comparison import Comparison, Method
from load.backtest.method_charts import calibration_chart, coverage_chart, error_chart, own_calibration_chart
from load.backtest.page import league, page
from load.backtest.palette import DARK, LIGHT
from load.backtest.report_methods import methods_part
from load.backtest.report_series import TYPICAL_DRAWN, WORST_DRAWN, worst_first
from load.backtest.tally import Tally
from load.recordings.table import concatenate, sort_by_time
from tests.load.backtest.helpers import recorded, run, samples


def method(name: str, off_by: float, horizon: int = 4, unanswered: int = 0) -> Method:
    """A method whose deciles are 1 to 9 and `off_by` more, where 5 came."""
    tally = Tally.of(horizon)
    deciles = np.broadcast_to(np.arange(1.0, 10.0) + off_by, (2, horizon, 9))
    tally.add(deciles, np.full((2, horizon), 5.0), np.ones(2))
    return Method(name, name.title(), tally, 0.5, 1000, 20, unanswered)


def comparison(*others: Method) -> Comparison:
    return Comparison(2, [method("foreshock", 1.0), method("seasonal-naive", 2.0), *others])


def test_methods_are_ranked_and_ours_stands_out() -> None:
    ours = method("foreshock", 1.0).tally
    page_part = "".join(methods_part(comparison(method("better", 0.0), method("worse", 9.0, unanswered=3)), ours))
    order = re.findall(r"<td>(Better|Foreshock|Seasonal-Naive|Worse)</td>", page_part)
    assert order == ["Better", "Foreshock", "Seasonal-Naive", "Worse"]
    assert '<tr class="ours"><td>Foreshock</td>' in page_part
    assert "in their place: Worse 3 of 20." in page_part
    # 0.5 s over 1,000 samples
    assert page_part.count('<td class="n">500</td>') == 4
    assert page_part.count("<svg") == 4


def test_bars_are_as_long_as_they_are_told() -> None:
    text = league(["", "", "n"], [("<a>", 0.25, True, ["1"])])
    assert '<td>&lt;a&gt;</td><td class="track"><span class="bar" style="width:25%"></span></td>' in text


@pytest.mark.parametrize("draw", [error_chart, coverage_chart, calibration_chart])
def test_charts_leave_their_colours_to_the_page(draw: object) -> None:
    assert callable(draw)
    svg = draw(comparison(*[method(f"other {number}", 3.0) for number in range(8)]))
    assert not re.findall(r"#[0-9a-f]{6}\b", svg.replace("url(#", "").replace('href="#', ""))
    assert {"forecast", "naive", "ink", "line", "other-1", "other-6"} <= set(re.findall(r"var\(--([a-z0-9-]+)\)", svg))
    assert set(re.findall(r"var\(--([a-z0-9-]+)\)", svg)) <= LIGHT.keys()


def test_charts_of_a_single_step_ahead_can_be_drawn() -> None:
    one = Comparison(2, [method("foreshock", 1.0, 1), method("seasonal-naive", 0.0, 1)])
    for svg in (error_chart(one), coverage_chart(one), own_calibration_chart(one.methods[0].tally)):
        assert svg.startswith("<svg")


def test_charts_of_a_recording_that_is_nothing_but_zeros_can_be_drawn() -> None:
    zeros = Tally.of(4)
    zeros.add(np.zeros((2, 4, 9)), np.zeros((2, 4)), np.ones(2))
    assert np.isnan(zeros.crps_by_horizon()).all()
    methods = [Method(name, name, zeros, 0.5, 1000, 20, 0) for name in ("foreshock", "seasonal-naive")]
    assert "<svg" in error_chart(Comparison(2, methods))


def test_the_page_has_both_palettes() -> None:
    text = page("t", [])
    light, dark = text.split("@media(prefers-color-scheme:dark)")
    assert f"--forecast:{LIGHT['forecast']};" in light
    assert f"--forecast:{DARK['forecast']};" in dark
    assert "width=device-width" in text


def test_the_worst_come_first_and_what_naive_knew_is_left_out() -> None:
    errors = {"even": (2.0, 2.0), "bad": (6.0, 2.0), "certain": (1.0, 0.0), "good": (1.0, 2.0)}
    series = [(name, SeriesErrors(4, loss, naive, 1.0, 2)) for name, (loss, naive) in errors.items()]
    assert [name for name, _ in worst_first(series)] == ["bad", "even", "good"]


def test_of_many_series_the_worst_and_the_typical_are_drawn_and_others_listed(tmp_path: Path) -> None:
    many = [f'cpu{{host="{number:02}"}}' for number in range(16)]
    table = sort_by_time(concatenate([samples([name], 150, seed) for seed, name in enumerate(many)]))
    run(recorded(tmp_path / "r.parquet", table), tmp_path / "out", "--step", "1m", "--horizon", "6", "--origins", "3")
    text = unescape((tmp_path / "out/report.html").read_text())
    ranks = [int(rank) for rank in re.findall(r"<figcaption>(\d+)\. cpu", text)]
    assert ranks == list(range(1, 11))
    assert len(ranks) == WORST_DRAWN + TYPICAL_DRAWN
    worst = [float(value) for value in re.findall(r"<small>([\d.]+) times", text)][:WORST_DRAWN]
    assert worst == sorted(worst, reverse=True)
    assert "Further down the list of 16" in text
    for forbidden in ("<script", "<link", "<img", "@import", "src=", 'href="http', "url(http"):
        assert forbidden not in text
