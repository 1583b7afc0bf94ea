"""The telemetry: hosts whose series follow a few patterns with a day, a week and noise in them."""

from collections.abc import Iterator, Sequence

import numpy as np
import orjson

from load.recovery.plan import DAY_STEPS, ENTITY_LABEL, SERIES_PER_HOST, STEP_MS, Plan
from models.arrays import Floats, Ints
from streams.records import InputRecord
from streams.series import labels_text, partition_of

PATTERNS = 128
"""Distinct courses. A checkpoint's record holds fewer series, so none is in it twice and helps to compress it."""

METRICS = [f"metric_{number:02d}" for number in range(SERIES_PER_HOST)]
DECIMALS = 3


def values_at(step: int) -> Floats:
    """The patterns' values at a step, shape [patterns]; a function of the step alone."""
    fixed = np.random.default_rng(0)
    level, day = fixed.uniform(20.0, 500.0, PATTERNS), fixed.uniform(1.0, 60.0, PATTERNS)
    week, noise = fixed.uniform(1.0, 30.0, PATTERNS), fixed.uniform(0.5, 5.0, PATTERNS)
    day_phase, week_phase = fixed.uniform(0, 2 * np.pi, (2, PATTERNS))
    turn = 2 * np.pi * step / DAY_STEPS
    season = day * np.sin(turn + day_phase) + week * np.sin(turn / 7 + week_phase)
    chance = np.random.default_rng([1, step]).normal(size=PATTERNS)
    values: Floats = np.round(level + season + noise * chance, DECIMALS)
    return values


def pattern_of(rank: Ints) -> Ints:
    """The patterns of a partition's series, which are numbered in the order of their first sample."""
    return rank % PATTERNS


def hosts_of(plan: Plan) -> list[list[str]]:
    """The hosts of each partition."""
    hosts: list[list[str]] = [[] for _ in range(plan.partitions)]
    for number in range(plan.hosts):
        host = f"host-{number:06d}"
        hosts[partition_of(labels_text(((ENTITY_LABEL, host),)), plan.partitions)].append(host)
    return hosts


def messages(hosts: Sequence[str], step: int) -> Iterator[InputRecord]:
    """What the agents of a partition's hosts report at a step: a message each, at offsets that go on with the steps."""
    values = values_at(step)
    for number, host in enumerate(hosts):
        ranks = number * SERIES_PER_HOST + np.arange(SERIES_PER_HOST)
        report = {
            "metric": METRICS,
            "labels": {ENTITY_LABEL: host},
            "timestamp": step * STEP_MS,
            "value": values[pattern_of(ranks)].tolist(),
        }
        yield InputRecord(step * len(hosts) + number, orjson.dumps(report))
