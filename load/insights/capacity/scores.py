"""Scores of predictions over many cases."""

from collections.abc import Sequence
from math import nan
from typing import NamedTuple

import numpy as np

from load.insights.capacity.cases import HOURS, Case
from load.insights.capacity.rivals import Predicted
from load.insights.capacity.tracks import PER_HOUR
from models.arrays import Flags, Floats

# A time that is never is taken for this, and so is a longer one.
ETA_MAX_H = 240.0
_SHORTEST_H = 1.0 / PER_HOUR

ALARM_P = 0.5


class Scores(NamedTuple):
    """For each of HOURS."""

    brier: list[float]
    base: list[float]  # p (1 - p), of the share of instants at which the limit came within the horizon
    eta_error: list[float]
    """Median of |log(predicted / true)|, over instants whose true time is within half and twice the horizon."""
    false_alarms: list[float]  # share of instants with p >= 1/2, of limits that are never reached


def score(cases: Sequence[Case], made: Sequence[Predicted]) -> Scores:
    """Scores over all instants of all cases."""
    lead_h = np.concatenate([case.lead_h() for case in cases])
    left_h = np.concatenate([(len(case.track.level) - case.instants) / PER_HOUR for case in cases])
    never = np.concatenate([np.full(len(case.instants), case.never) for case in cases])
    p, eta_h = np.concatenate([one.p for one in made]), np.concatenate([one.eta_h for one in made])
    scores = Scores([], [], [], [])
    for place, hours in enumerate(HOURS):
        reached = lead_h <= hours
        known = reached | (hours < left_h)
        error = p[known, place] - reached[known]
        scores.brier.append(float((error * error).mean()))
        scores.base.append(float(reached[known].mean() * (1.0 - reached[known].mean())))
        scores.eta_error.append(_eta_error(eta_h, lead_h, (lead_h > hours / 2) & (lead_h <= 2 * hours)))
        scores.false_alarms.append(_share(p[:, place] >= ALARM_P, known & never))
    return scores


def _eta_error(eta_h: Floats, lead_h: Floats, of: Flags) -> float:
    predicted = np.clip(eta_h[of], _SHORTEST_H, ETA_MAX_H)
    return float(np.median(np.abs(np.log(predicted / lead_h[of])))) if of.any() else nan


def _share(which: Flags, of: Flags) -> float:
    return float(which[of].mean()) if of.any() else nan
