"""Whatever breaks, and whenever: once healed, nothing is lost, nothing doubled, and nothing said that is not so.

A failure names its seed; ``make sim SEEDS=1 FIRST=<seed>`` plays it again. `SEEDS` says how many to try here.
"""

import os
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from tests.simulation.hops import BOTH
from tests.simulation.real import run_real
from tests.simulation.run import Script
from tests.simulation.toy import PARTITIONS, passing_engine, toy_engine
from tests.simulation.toys import messages, run_toys, script_of

SEEDS = int(os.environ.get("SEEDS", "200"))
REAL_SEEDS = max(SEEDS // 25, 1)

# A short input with two workers: the first is broken at every place in turn, and nothing else goes wrong.
SHORT = Script(1, toy_engine, messages(Random(5), 12), PARTITIONS, workers=2, seconds=4.0, rough=0.0, troubles=0)
CALM = run_toys(SHORT)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_seed(seed: int) -> None:
    assert not run_toys(script_of(seed)).problems, f"again: make sim SEEDS=1 FIRST={seed}"


@pytest.mark.parametrize("seed", range(SEEDS // 4))
def test_a_seed_in_which_the_state_is_damaged(seed: int) -> None:
    """The samples topic has all of its records, so the state comes back whole."""
    assert not run_toys(replace(script_of(seed), damages=4)).problems


@pytest.mark.parametrize("seed", range(SEEDS // 4))
def test_a_seed_in_which_the_telemetry_topic_is_made_anew(seed: int) -> None:
    assert not run_toys(replace(script_of(seed), anew=3)).problems


@pytest.mark.parametrize("seed", range(SEEDS // 8))
def test_a_seed_with_a_second_hop(seed: int) -> None:
    """What the first pipelines write is read by others, with state of their own."""
    script = replace(script_of(seed), engine=passing_engine, hops=BOTH, damages=seed % 3)
    assert not run_toys(script).problems


@pytest.mark.parametrize("seed", range(REAL_SEEDS))
def test_a_seed_with_the_real_pipeline(seed: int) -> None:
    assert not run_real(seed).problems


def test_the_same_seed_is_the_same_run() -> None:
    first, second = run_toys(script_of(3)), run_toys(script_of(3))
    assert (first.counts, first.steps, first.published) == (second.counts, second.steps, second.published)


@pytest.mark.parametrize("breaks", ["dies_at_step", "sleeps_at_step"])
def test_every_step_of_a_worker_may_be_its_last_or_the_one_before_a_long_sleep(breaks: str) -> None:
    assert CALM.steps > 300
    broken_at(breaks, CALM.steps)


@pytest.mark.parametrize("breaks", ["dies_at_write", "sleeps_at_write"])
def test_every_checkpoint_record_may_be_its_last_or_the_one_before_a_long_sleep(breaks: str) -> None:
    assert CALM.writes > 15
    broken_at(breaks, CALM.writes)


def broken_at(breaks: str, places: int) -> None:
    broken = 0
    for place in range(1, places + 1):
        change: dict[str, Any] = {breaks: place}
        outcome = run_toys(replace(SHORT, **change))
        assert not outcome.problems, f"{breaks}={place}"
        broken += outcome.counts["crashes"] + outcome.counts["zombies"] > 0
    assert broken > 0.8 * places  # the last ones are of its end, when it is not missed
