"""The benchmark's score and F1 of episodes, by hand."""

from pathlib import Path

import numpy as np
import orjson
import pytest

from load.insights.anomaly.__main__ import lines
from load.insights.anomaly.labelled import Labelled, labelled, runs
from load.insights.anomaly.scoring import Episodes, at, best, best_episodes, curve, episodes_at, halves, marked
from models.arrays import Floats


def _recording(rows: int, *spans: tuple[int, int]) -> Labelled:
    every = np.arange(rows)
    return Labelled("r", 1000 * every, np.zeros(rows), every, every, 1000, list(spans))


def _score(rows: int, **at_rows: float) -> Floats:
    score = np.zeros(rows)
    for row, value in at_rows.items():
        score[int(row[1:])] = value
    return score


def test_no_detection_is_zero_and_one_at_the_begin_of_a_window_is_all() -> None:
    recording = _recording(1000, (500, 599))
    marks = [marked(recording, _score(1000, r500=0.9))]
    thresholds, found = curve(marks)
    assert (thresholds.tolist(), found[0]) == ([np.inf, 0.9], 0.0)
    assert found[1] == pytest.approx(100.0)


def test_a_detection_at_the_end_of_a_window_is_worth_less_and_one_outside_costs() -> None:
    recording = _recording(1000, (500, 599))
    # At row 599: p = -1 / 100; 2 / (1 + exp(-0.05)) - 1 = 0.02499, over 0.98661: 0.02533. (0.02533 + 1) / 2.
    assert best([marked(recording, _score(1000, r599=0.9))])[1] == pytest.approx(100 * (0.025333 + 1) / 2, rel=1e-3)
    # Before the window it costs 0.11: (1 - 0.11 + 1) / 2.
    marks = [marked(recording, _score(1000, r300=0.9, r500=0.9))]
    assert at(marks, 0.9) == pytest.approx(100 * 1.89 / 2)
    # 50 rows behind it, of 99: 2 / (1 + exp(2.525)) - 1 = -0.8517.
    marks = [marked(recording, _score(1000, r649=0.9, r500=0.9))]
    assert at(marks, 0.9) == pytest.approx(100 * (2.0 - 0.11 * 0.8517) / 2, rel=1e-3)


def test_the_first_rows_are_not_judged() -> None:
    assert len(marked(_recording(1000), _score(1000, r149=1.0, r150=1.0)).score) == 1
    assert len(marked(_recording(10_000), _score(10_000, r749=1.0, r750=1.0)).score) == 1


def test_halves_take_their_threshold_from_the_others() -> None:
    # Half of the files want a low threshold, half a high one; 0.5 serves all of them, and any half finds it.
    marks = [marked(_recording(1000, (500, 599)), _score(1000, r500=0.5, r300=0.1)) for _ in range(8)]
    assert halves(marks) == pytest.approx(np.full(60, 100.0))


def test_episodes_are_found_missed_and_false() -> None:
    recording = _recording(300, (100, 110), (200, 200))
    score = _score(300, r105=0.9, r111=0.9, r205=0.9, r250=0.9)
    # 105 and 111 are one episode; 205 begins five rows after the second anomaly; 250 is false.
    assert episodes_at([recording], [score], 0.9) == Episodes(found=2, missed=0, false=1)
    assert Episodes(2, 0, 1).f1 == pytest.approx(4 / 5)
    score[206], score[205] = score[205], 0.0
    assert episodes_at([recording], [score], 0.9) == Episodes(found=1, missed=1, false=2)
    assert best_episodes([recording], [score])[0] == 0.9


def test_runs() -> None:
    assert runs(np.array([0, 1, 1, 0, 1, 0, 0, 1], np.bool_)) == [(1, 2), (4, 4), (7, 7)]
    assert runs(np.array([0, 1, 1, 0, 1, 0, 0, 1], np.bool_), 2) == [(1, 4), (7, 7)]


def test_recordings_of_both_forms_are_read_and_reported(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    times = [f"2024-01-01 {n // 12:02}:{n % 12 * 5:02}:00" for n in range(280)]
    values = rng.normal(size=280)
    values[250] = 40.0
    pairs = [f"{time},{value}" for time, value in zip(times, values.tolist(), strict=True)]
    of_windows, of_labels = tmp_path / "windows", tmp_path / "labels"
    for folder in (of_windows, of_labels):
        folder.mkdir()
    # The second row of a step, and one without a value, are not taken.
    twice = [*pairs, f"{times[-1]},7.0", "2024-01-02 00:00:00,"]
    (of_windows / "a.csv").write_text("\n".join(["timestamp,value", *twice]) + "\n")
    (of_windows / "windows.json").write_bytes(orjson.dumps({"a.csv": [[times[249], times[260]]]}))
    marked_rows = [f"{pair},{int(n == 250)}" for n, pair in enumerate(pairs)]
    (of_labels / "b.csv").write_text("\n".join(["TimeStamp,Value,Label", *marked_rows]) + "\n")
    (first,), (second,) = list(labelled(of_windows)), list(labelled(of_labels))
    assert (len(first.taken), first.step_ms, first.spans) == (280, 300_000, [(249, 260)])
    assert second.spans == [(250, 250)]
    assert "found 1 of 1" in " ".join(lines(of_labels))
    assert any("NAB standard profile" in line for line in lines(of_windows))
