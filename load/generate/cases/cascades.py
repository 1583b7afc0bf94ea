"""Services that call each other: trouble in one shows in its callers a little later. The cases of incidents."""

import numpy as np

from load.generate.cases.family import case_rng, onsets
from load.generate.shapes import pulse, user_load
from load.generate.signal import Signals, entity_text, labels_at
from load.generate.spec import HOUR_MS, FleetSpec
from load.generate.truth import Incident
from load.recordings.table import FloatColumn, IntColumn
from streams.series import Labels

FAMILY = 8
ENTITIES = 4
INCIDENTS = 4
LASTS_MS = HOUR_MS
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
    for onset in onsets(rng, spec, INCIDENTS):
        root = int(rng.integers(ENTITIES - 1))
        signals.truth.incidents.append(_cascade(rng, spec, (onset, root), entities, trouble))
    for labels, height in zip(entities, trouble, strict=True):
        _add_metrics(rng, signals, labels, (times, height))
    return signals


def _labels(number: int, place: int) -> Labels:
    name = f"cascade-{number + 1}-{'abcdefgh'[place]}"
    return tuple(sorted([*labels_at(number, service=name), ("cluster", f"cascade-{number + 1}")]))


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
    return Incident(names[0], "cascade", start_ms, start_ms + LASTS_MS, tuple(names[1:]))


def _add_metrics(
    rng: np.random.Generator, signals: Signals, labels: Labels, course: tuple[IntColumn, FloatColumn]
) -> None:
    times, height = course
    is_root = height >= 1.0
    for metric in METRICS:
        usual = rng.uniform(5, 50) * (0.6 + 0.4 * user_load(times)) * rng.lognormal(0.0, 0.08, len(times))
        shown = height if metric in IN_CALLERS else np.where(is_root, height, 0.0)
        signals.add(metric, labels, usual * (1 + 2.5 * shown))
