"""What the families of cases have in common: names, randomness, and a usual day."""

from collections.abc import Iterator

import numpy as np

from load.generate.shapes import smooth_noise
from load.generate.signal import labels_at
from load.generate.spec import DAY_MS, FleetSpec
from load.recordings.table import FloatColumn
from streams.series import Labels

CASE = "case"
"""The label that all cases have, and nothing else of a fleet."""

CALM_SHARE = 0.5
"""Of the span: until then nothing is out of the ordinary, so that it can be learned what that is."""

KINDS_MAX = 100
"""Kinds of a family, for the numbers of their randomness."""


def case_labels(label: str, kind: str, number: int) -> Labels:
    """Labels of the thing that a case is about, such as ``case="spike",host="spike-1"``."""
    return labels_at(number, **{CASE: kind, label: f"{kind.replace('_', '-')}-{number + 1}"})


def case_rng(spec: FleetSpec, family: int, kind: int, number: int) -> np.random.Generator:
    """Randomness of one case: more cases begin with the same ones."""
    assert kind < KINDS_MAX
    return np.random.default_rng([spec.seed, family, kind, number])


def steady(rng: np.random.Generator, spec: FleetSpec, size: float) -> FloatColumn:
    """Slow ups and downs within -size and size."""
    width = max(1, DAY_MS // 6 // spec.step_ms)
    return np.asarray(size * np.tanh(smooth_noise(rng, spec.steps, width) / 2))


def onsets(
    rng: np.random.Generator, spec: FleetSpec, count: int, early: float = 0.1, late: float = 0.4
) -> Iterator[int]:
    """`count` steps in the second part of the span, one in each of as many equal pieces, `early` to `late` in it."""
    first = int(CALM_SHARE * spec.steps)
    piece = (spec.steps - first) / count
    for place in range(count):
        yield first + int(piece * (place + rng.uniform(early, late)))
