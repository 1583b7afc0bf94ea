"""Several backtests as one table."""

import json
from pathlib import Path

import pytest

from load.backtest.side_by_side import Entry, lines_of, main, together

ONE = Entry(0.5, 0.4, 0.8, 2.0)
OTHER = Entry(2.0, 1.6, 0.6, 200.0)


def test_the_last_column_has_geometric_means() -> None:
    # sqrt(0.5 2) = 1, sqrt(0.4 1.6) = 0.8, sqrt(2 200) = 20
    assert together([ONE, OTHER]) == pytest.approx(Entry(1.0, 0.8, 0.7, 20.0))


def test_an_oracle_has_no_error_in_the_mean_either() -> None:
    assert together([ONE, Entry(0.0, 0.0, 1.0, 1.0)])[:2] == (0.0, 0.0)


def test_methods_are_ranked_and_those_of_one_recording_alone_left_out() -> None:
    heads, _, *rows = lines_of(
        {"a": {"worse": OTHER, "better": ONE, "only here": ONE}, "b": {"worse": ONE, "better": ONE}}
    )
    assert heads.endswith("| a | b | all |")
    assert rows == [
        "| better | 0.50 / 0.40, 80 %, 2 | 0.50 / 0.40, 80 %, 2 | 0.50 / 0.40, 80 %, 2 |",
        "| worse | 2.00 / 1.60, 60 %, 200 | 0.50 / 0.40, 80 %, 2 | 1.00 / 0.80, 70 %, 20 |",
    ]


def test_folders_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "run").mkdir()
    method = {"title": "naive", **ONE._asdict(), "unanswered": 0}
    (tmp_path / "run" / "summary.json").write_text(json.dumps({"comparison": {"methods": [method]}}))
    assert main([str(tmp_path / "run")]) == 0
    assert "| naive | 0.50 / 0.40, 80 %, 2 |" in capsys.readouterr().out


def test_a_folder_without_a_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "is no summary of a backtest" in capsys.readouterr().err
    assert main([]) == 2
