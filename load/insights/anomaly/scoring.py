"""How well scores find labelled anomalies: the Numenta Anomaly Benchmark's standard profile, and F1 of episodes.

In the benchmark each window counts its best detection, early ones more; each detection outside costs, more the further
it is behind the last window. 0 is no detection at all, 100 a detection at the begin of every window.

    at a place p, in lengths of the window from its end: 2 / (1 + exp(5 p)) - 1, over its value at -1; -1 beyond 3

Lavin and Ahmad (2015), Evaluating Real-time Anomaly Detection Algorithms, III.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from load.insights.anomaly.labelled import Labelled, runs
from models.arrays import Floats, Ints

FALSE_COST = 0.11
"""Of a detection outside all windows, in detections of a window: the standard profile's."""
PROBATION_SHARE, PROBATION_ROWS = 0.15, 750
"""The first rows, which are not judged: the lesser of the two."""
OUTSIDE = -1
FAR = 3.0
HALVES = 30
"""Random halvings of the files."""

TOGETHER_ROWS = 10
"""Detections of one episode lie no further apart."""
LATE_ROWS = 5
"""An anomaly is found by an episode that touches it, or begins so soon after its start."""


class Marked(NamedTuple):
    """Rows of a recording with a score above 0, and what a detection there is worth; and its number of windows."""

    score: Floats
    window: Ints
    worth: Floats
    windows: int


class Episodes(NamedTuple):
    """Anomalies found and missed, and episodes that are none."""

    found: int
    missed: int
    false: int

    @property
    def f1(self) -> float:
        """2 found / (2 found + missed + false)."""
        return 2 * self.found / max(1, 2 * self.found + self.missed + self.false)


def marked(recording: Labelled, score: Floats) -> Marked:
    """What each judged row is worth, by the benchmark."""
    rows = np.arange(len(score))
    window, worth = np.full(len(score), OUTSIDE), np.full(len(score), -1.0)
    for number, (first, last) in enumerate(recording.spans):
        within = (rows >= first) & (rows <= last)
        window[within] = number
        worth[within] = _sigmoid((rows[within] - last - 1) / (last - first + 1)) / _sigmoid(np.array(-1.0))
        after = rows > last
        worth[after & ~within] = _sigmoid((rows[after] - last) / max(1, last - first))
        # A later window takes its own rows back.
        window[after] = OUTSIDE
    judged = (rows >= min(int(PROBATION_SHARE * len(score)), PROBATION_ROWS)) & (score > 0)
    return Marked(score[judged], window[judged], worth[judged], len(recording.spans))


def curve(marks: Sequence[Marked]) -> tuple[Floats, Floats]:
    """Thresholds, falling from above all scores, and the benchmark's score of all recordings together at each."""
    offsets = np.cumsum([0, *[each.windows for each in marks]])
    windows = int(offsets[-1])
    score = np.concatenate([each.score for each in marks])
    pairs = zip(marks, offsets.tolist(), strict=False)
    window = np.concatenate([np.where(each.window < 0, OUTSIDE, each.window + offset) for each, offset in pairs])
    worth = np.concatenate([each.worth for each in marks])
    best, total, totals = np.full(windows, -1.0), -float(windows), []
    order = np.argsort(-score, kind="stable")
    for place in order.tolist():
        number = int(window[place])
        if number == OUTSIDE:
            total += FALSE_COST * worth[place]
        elif worth[place] > best[number]:
            total += worth[place] - best[number]
            best[number] = worth[place]
        totals.append(total)
    # All rows of one score are accepted together.
    ends = np.flatnonzero(np.diff(score[order], append=-1.0))
    thresholds = np.concatenate([[np.inf], score[order][ends]])
    return thresholds, 100.0 * (np.concatenate([[-windows], np.array(totals)[ends]]) + windows) / (2.0 * windows)


def best(marks: Sequence[Marked]) -> tuple[float, float]:
    """The threshold with the highest score, and that score."""
    thresholds, found = curve(marks)
    place = int(found.argmax())
    return float(thresholds[place]), float(found[place])


def at(marks: Sequence[Marked], threshold: float) -> float:
    """The score at a threshold that was chosen elsewhere."""
    thresholds, found = curve(marks)
    return float(found[np.flatnonzero(thresholds >= threshold)[-1]])


def halves(marks: Sequence[Marked], seed: int = 0) -> Floats:
    """Scores of random halves of the recordings, each at the threshold that is best for the other half."""
    rng, found = np.random.default_rng(seed), []
    for _ in range(HALVES):
        order = rng.permutation(len(marks))
        parts = [[marks[place] for place in part] for part in (order[: len(order) // 2], order[len(order) // 2 :])]
        for one, other in (parts, parts[::-1]):
            found.append(at(other, best(one)[0]))
    return np.array(found)


def episodes_at(recordings: Sequence[Labelled], scores: Sequence[Floats], threshold: float) -> Episodes:
    """What episodes of scores of at least a threshold, which is above 0, find."""
    found = missed = false = 0
    for recording, score in zip(recordings, scores, strict=True):
        told = runs(score >= threshold, TOGETHER_ROWS)
        hits = [[_touches(episode, span) for span in recording.spans] for episode in told]
        seen = [any(hit[number] for hit in hits) for number in range(len(recording.spans))]
        found, missed = found + sum(seen), missed + len(seen) - sum(seen)
        false += sum([not any(hit) for hit in hits])
    return Episodes(found, missed, false)


def best_episodes(recordings: Sequence[Labelled], scores: Sequence[Floats]) -> tuple[float, Episodes]:
    """The threshold with the highest F1, and the episodes there."""
    positive = np.concatenate([score[score > 0] for score in scores])
    thresholds = np.unique(np.quantile(positive, np.linspace(0.0, 1.0, 200)))
    return max(((t, episodes_at(recordings, scores, t)) for t in thresholds.tolist()), key=lambda each: each[1].f1)


def _touches(episode: tuple[int, int], span: tuple[int, int]) -> bool:
    first, last = span
    return first <= episode[1] and episode[0] <= max(last, first + LATE_ROWS)


def _sigmoid(place: Floats) -> Floats:
    return np.where(place > FAR, -1.0, 2.0 / (1.0 + np.exp(5.0 * np.minimum(place, FAR))) - 1.0)
