"""Episodes of anomalies against what really is out of the ordinary."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from load.backtest.episodes import Episode, episodes_of
from load.generate.fleet import Fleet
from load.generate.spec import DAY_MS, HOUR_MS
from load.generate.truth import Anomaly

REPORTED_AS = {
    "spike": "value",
    "dip": "value",
    "out_of_hours": "value",
    "level_shift": "level_shift",
    "variance": "variance",
    "flat_line": "flat_line",
    "stopped": "missing",
    "cadence": "cadence",
}
"""The kind that should be told of each."""

SLACK_MS = 2 * HOUR_MS
"""So long after its end an anomaly may still be told of, and its end be taken for one."""

LEARNING_MS = 3 * DAY_MS
"""Episodes of before are no false alarms: a day is no habit yet."""


def anomaly_figures(fleet: Fleet, out: Path) -> Iterator[tuple[str, float]]:
    """Recall of each kind, whether it has the right name, precision, and alarms of decoys per series and week."""
    since_ms = fleet.spec.start_ms + LEARNING_MS
    episodes = defaultdict(list)
    for episode in episodes_of(out):
        if episode.found_ms >= since_ms and not episode.suppressed:
            episodes[episode.series].append(episode)
    yield from _recall(fleet.truth.anomalies, episodes)
    yield "anomaly: precision", _precision(fleet.truth.anomalies, episodes)
    yield from _alarms(fleet, episodes, (fleet.spec.end_ms - since_ms) / (7 * DAY_MS))


def _recall(truth: Sequence[Anomaly], episodes: dict[str, list[Episode]]) -> Iterator[tuple[str, float]]:
    found, named = defaultdict(list), defaultdict(list)
    for anomaly in truth:
        near = [one for one in episodes.get(anomaly.series, []) if _is_of(one, anomaly)]
        found[anomaly.kind].append(bool(near))
        named[anomaly.kind].append(any(one.kind == REPORTED_AS[anomaly.kind] for one in near))
    for kind, hits in found.items():
        yield f"anomaly: recall of {kind}", float(np.mean(hits))
        yield f"anomaly: recall of {kind} as such", float(np.mean(named[kind]))
    yield "anomaly: recall", float(np.mean([hit for hits in found.values() for hit in hits]))
    right, hit = [sum(map(sum, by_kind.values())) for by_kind in (named, found)]
    yield "anomaly: found ones with the right kind", right / hit if hit else float("nan")


def _precision(truth: Sequence[Anomaly], episodes: dict[str, list[Episode]]) -> float:
    """Of the series that have anomalies: the share of their episodes that are one."""
    of_series = defaultdict(list)
    for anomaly in truth:
        of_series[anomaly.series].append(anomaly)
    right = [
        any(_is_of(one, anomaly) for anomaly in anomalies)
        for name, anomalies in of_series.items()
        for one in episodes.get(name, [])
    ]
    return float(np.mean(right)) if right else float("nan")


def _alarms(fleet: Fleet, episodes: dict[str, list[Episode]], weeks: float) -> Iterator[tuple[str, float]]:
    alarms = defaultdict(list)
    for decoy in fleet.truth.decoys:
        if decoy.insight == "anomaly":
            alarms[decoy.kind].append(len(episodes.get(decoy.series, [])) / weeks)
    for kind, rates in alarms.items():
        yield f"anomaly: alarms per week of {kind}", float(np.mean(rates))
    yield "anomaly: alarms per week of decoys", float(np.mean([rate for rates in alarms.values() for rate in rates]))


def _is_of(episode: Episode, anomaly: Anomaly) -> bool:
    """Whether an episode touches the time of an anomaly, and was told in it."""
    end_ms = anomaly.end_ms + SLACK_MS
    return episode.end_ms >= anomaly.start_ms and episode.start_ms <= end_ms and episode.found_ms <= end_ms
