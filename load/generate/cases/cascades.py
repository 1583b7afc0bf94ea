"""Services that call each other: trouble in one shows in its callers a little later. The cases of incidents."""

from itertools import pairwise

import numpy as np

from load.generate.cases.family import CASE, case_rng, onsets
from load.generate.shapes import pulse, user_load
from load.generate.signal import Signals, entity_text, labels_at
from load.generate.spec import HOUR_MS, FleetSpec
from load.generate.truth import Call, Incident
from load.recordings.table import FloatColumn, IntColumn
from streams.series import Labels

FAMILY = 8
KIND = "cascade"
ENTITIES = 4
INCIDENTS = 4
LASTS_MS = HOUR_MS // 2
GOLDEN = 0.618
"""Chains have their turns: incidents of several at once would be one."""
LAG_STEPS = (1, 3)
FADES = 0.7
"""Of an entity's trouble so much shows in its callers."""

METRICS = ("wait_ms", "queue_depth", "busy_workers")
IN_CALLERS = METRICS[:2]
"""What callers show: they wait, and do not work more."""


def cascade_signals(spec: FleetSpec, number: int) -> Signals:
    """A chain of entities, the first of which is called by the second, and so on."""
    rng, signals, times = case_rng(spec, FAMILY, 0, number), Signals(), spec.times_ms()
    entities = [_labels(number, place) for place in range(ENTITIES)]
    trouble = np.zeros((ENTITIES, spec.steps))
    turn = 0.05 + 0.8 * (GOLDEN * number % 1.0)
    for onset in onsets(rng, spec, INCIDENTS, turn, turn + 0.05):
        root = int(rng.integers(ENTITIES - 1))
        signals.truth.incidents.append(_cascade(rng, spec, (onset, root), entities, trouble))
    for labels, height in zip(entities, trouble, strict=True):
        _add_metrics(rng, signals, labels, (times, height))
    names = [dict(labels)["service"] for labels in entities]
    signals.truth.calls.extend([Call(caller, callee) for callee, caller in pairwise(names)])
    return signals


def _labels(number: int, place: int) -> Labels:
    chain = f"{KIND}-{number + 1}"
    return labels_at(number, **{CASE: KIND, "cluster": chain, "service": f"{chain}-{'abcdefgh'[place]}"})


def _cascade(
    rng: np.random.Generator,
    spec: FleetSpec,
    where: tuple[int, int],
    entities: list[Labels],
    trouble: FloatColumn,
) -> Incident:
    """Trouble [entities, steps] begins at a step in the entity `root`, and goes up the chain."""
    step, root = where
    start_ms = spec.start_ms + step * spec.step_ms
    at_ms, height = start_ms, 1.0
    for place in range(root, ENTITIES):
        trouble[place] += height * pulse(spec.times_ms(), at_ms - 1, at_ms + LASTS_MS, 1)
        at_ms, height = at_ms + int(rng.integers(*LAG_STEPS, endpoint=True)) * spec.step_ms, FADES * height
    names = [entity_text(labels) for labels in entities[root:]]
    # The last lag was drawn for nobody.
    return Incident(names[0], KIND, start_ms, start_ms + LASTS_MS, tuple(names[1:]))


def _add_metrics(
    rng: np.random.Generator, signals: Signals, labels: Labels, course: tuple[IntColumn, FloatColumn]
) -> None:
    times, height = course
    is_root = height >= 1.0
    for metric in METRICS:
        usual = rng.uniform(5, 50) * (0.6 + 0.4 * user_load(times)) * rng.lognormal(0.0, 0.08, len(times))
        shown = height if metric in IN_CALLERS else np.where(is_root, height, 0.0)
        signals.add(metric, labels, usual * (1 + 2.5 * shown))
