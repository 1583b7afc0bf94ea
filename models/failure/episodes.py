"""Episodes: stretches in which a series stays on the wrong side of its threshold for as long as the rule says.

A sample stands for one step of time. A run is a row of samples on the wrong side; its duration goes from its first
sample to the end of the current one's step. An episode opens with the sample that makes the run `for_ms` long, and
ends with the run. Silence (time no sample stands for) of up to the longer of `for_ms` and a step is bridged: a lost
sample ends nothing. A longer one ends run and episode, because nobody knows what happened in it.

How near a right sample came to the threshold is measured in the series' usual distance from it, which has no unit.
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Flags, Floats, Places, Times
from models.layout import Arrays, Field, Slots

NONE = -1

# The usual distance is a mean of about this many samples.
_GAP_MEMORY = 256.0

LAYOUT = (
    Field("threshold", "f8", (), np.nan, "series", "rule: the last value that is still right"),
    Field("direction", "i1", (), 1, "-", "rule: +1 above the threshold is wrong, -1 below it"),
    Field("for_ms", "i8", (), 0, "ms", "rule: a run of this duration is an episode"),
    Field("last_ms", "i8", (), NONE, "ms", "event time of the last sample"),
    Field("gap", "f8", (), np.inf, "series", "distance of the last sample from the threshold, whatever its side"),
    Field("usual_gap", "f8", (), 0.0, "series", "its usual distance"),
    Field("gaps_seen", "i8", (), 0, "samples", "samples behind that"),
    Field("run_start_ms", "i8", (), NONE, "ms", "event time of the run's first sample, NONE outside a run"),
    Field("run_ms", "i8", (), 0, "ms", "duration of the run"),
    Field("in_episode", "bool", (), False, "-", "whether the run is an episode"),
    Field("episode_ms", "i8", (), NONE, "ms", "event time of the last sample inside an episode, NONE before the first"),
    Field("events_seen", "i8", (), 0, "episodes", "episodes opened"),
)


class Passed(NamedTuple):
    """What one sample each brought about, shape (n,)."""

    before_ms: Times  # event time of the sample before, NONE of the first
    silent: Flags  # a silence too long to bridge lay between them
    opened: Flags  # an episode opened with it

    def take(self, places: Places) -> "Passed":
        """What those at these places did."""
        return Passed(self.before_ms[places], self.silent[places], self.opened[places])


def follow(arrays: Arrays, slots: Slots, timestamp_ms: Times, value: Floats, step_ms: Times) -> Passed:
    """Carry runs and episodes on by one sample per slot."""
    for_ms, last_ms = arrays["for_ms"][slots], arrays["last_ms"][slots]
    silence_ms = timestamp_ms - last_ms - step_ms
    silent = (last_ms != NONE) & (silence_ms > np.maximum(for_ms, step_ms))
    beyond = arrays["direction"][slots] * (value - arrays["threshold"][slots])
    wrong = beyond > 0.0
    _measure(arrays, slots, np.abs(beyond))
    start_ms = arrays["run_start_ms"][slots]
    start_ms = np.where(wrong, np.where((start_ms == NONE) | silent, timestamp_ms, start_ms), NONE)
    run_ms = np.where(wrong, timestamp_ms - start_ms + step_ms, 0)
    breaking = wrong & (run_ms >= for_ms)
    opened = breaking & (silent | ~arrays["in_episode"][slots])
    arrays["run_start_ms"][slots] = start_ms
    arrays["run_ms"][slots] = run_ms
    arrays["in_episode"][slots] = breaking
    arrays["episode_ms"][slots] = np.where(breaking, timestamp_ms, arrays["episode_ms"][slots])
    arrays["events_seen"][slots] += opened
    arrays["last_ms"][slots] = timestamp_ms
    return Passed(last_ms, silent, opened)


def _measure(arrays: Arrays, slots: Slots, gap: Floats) -> None:
    """Follow the usual distance from the threshold."""
    seen, usual = arrays["gaps_seen"][slots], arrays["usual_gap"][slots]
    # u += max(1/n, 1/256) (gap - u)
    arrays["usual_gap"][slots] = usual + (gap - usual) / np.minimum(seen + 1.0, _GAP_MEMORY)
    arrays["gaps_seen"][slots] = seen + 1
    arrays["gap"][slots] = gap
