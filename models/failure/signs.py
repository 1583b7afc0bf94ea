"""Signs of wear that a series shows: what a hazard is made of. A slot is one series, sign by sign from its own samples.

=============  ==========================================================================  ====================
``present``    the value is above zero                                                     0 or 1
``level``      log(1 + value)                                                              of counts
``rise``       recent increases of that, forgotten by a tenth a day                        of counts
``change``     recent changes of that in either direction, forgotten so                    of counts
``surprise``   the largest recent surprise, -log10(1 - anomaly score), forgotten so        0 to 4
``trend``      mean of the last day less that of the last ten, in usual deviations         any sign
``flat``       log of the time without a change over the usual one                         0 for constants
``restart``    times the value fell back, as a counter does, forgotten so                  of counters
``closeness``  share of a limit that is reached                                            0 to 1
=============  ==========================================================================  ====================

Counts are those of bad things, and are compared by ratio; values below zero count as none.
"""

from collections.abc import Sequence

import numpy as np

from models.arrays import Flags, Floats, Times
from models.layout import Arrays, Field, Slots

SIGNS = ("present", "level", "rise", "change", "surprise", "trend", "flat", "restart", "closeness")
PRESENT, LEVEL, RISE, CHANGE, SURPRISE, TREND, FLAT, RESTART, CLOSENESS = range(len(SIGNS))

_DAY_MS = 86_400_000.0
_KEEP_PER_DAY = 0.9
_VALUE_MAX = 1e6
_SURPRISE_SCORE_MAX = 1.0 - 1e-4
_FAST_DAYS, _SLOW_DAYS = 1.0, 10.0
# A flat line is told from a usual one once so many changes are known.
_CHANGES_MIN = 8
_GAP_MEMORY = 64.0
# Recent increases that are forgotten down to this are over: the next one begins a new growth.
_RISE_OVER = 0.05

LAYOUT = (
    Field("last_ms", "i8", (), 0, "ms", "event time of the last sample"),
    Field("samples", "i8", (), 0, "samples", "samples taken"),
    Field("raw", "f8", (), 0.0, "series", "the last value, as it came"),
    Field("value", "f8", (), 0.0, "series", "the last value: of a counter its rate"),
    Field("rise", "f8", (), 0.0, "-", "recent increases of log(1 + value)"),
    Field("change", "f8", (), 0.0, "-", "recent changes of log(1 + value)"),
    Field("surprise", "f8", (), 0.0, "-", "the largest recent surprise"),
    Field("restart", "f8", (), 0.0, "-", "recent falls of the value as it came"),
    Field("grown_from", "f8", (), 0.0, "series", "value at which the present growth began"),
    Field("grown_since_ms", "i8", (), 0, "ms", "and when"),
    Field("fast", "f8", (), 0.0, "series", "mean of about a day"),
    Field("slow", "f8", (), 0.0, "series", "mean of about ten days"),
    Field("deviation", "f8", (), 0.0, "series", "usual distance from it"),
    Field("changed_ms", "i8", (), 0, "ms", "event time of the last change"),
    Field("change_gap_ms", "f8", (), 0.0, "ms", "usual time between changes"),
    Field("changes", "i8", (), 0, "changes", "changes seen"),
)


def logs(value: Floats) -> Floats:
    """log(1 + value), of counts."""
    clipped: Floats = np.log1p(np.clip(value, 0.0, _VALUE_MAX))
    return clipped


def take(arrays: Arrays, slots: Slots, now_ms: Times, raw: Floats, value: Floats, score: Floats) -> None:
    """One sample each of distinct slots: as it came, what is learned of it, and its anomaly score; shapes (n,)."""
    fresh = arrays["samples"][slots] == 0
    days = np.where(fresh, 0.0, (now_ms - arrays["last_ms"][slots]) / _DAY_MS)
    before, keep = np.where(fresh, value, arrays["value"][slots]), _KEEP_PER_DAY**days
    _wear(arrays, slots, keep, logs(value) - logs(before), score)
    fell = ~fresh & (raw < arrays["raw"][slots])
    arrays["restart"][slots] = keep * arrays["restart"][slots] + fell
    _grow(arrays, slots, now_ms, value, before, fresh)
    _drift(arrays, slots, value, days, fresh)
    _stir(arrays, slots, now_ms, value != before, fresh)
    arrays["raw"][slots], arrays["value"][slots] = raw, value
    arrays["last_ms"][slots] = now_ms
    arrays["samples"][slots] += 1


def read(arrays: Arrays, slots: Slots, sign: int, limit: float, now_ms: Times) -> Floats:
    """A sign of each slot as it stands at `now_ms`, which is not before its last sample; shape (n,)."""
    value = arrays["value"][slots]
    if sign in _FADING:
        days = (now_ms - arrays["last_ms"][slots]) / _DAY_MS
        faded: Floats = arrays[SIGNS[sign]][slots] * _KEEP_PER_DAY**days
        return faded
    if sign == PRESENT:
        return (value > 0.0).astype(np.float64)
    if sign == LEVEL:
        return logs(value)
    if sign == CLOSENESS:
        return np.clip(value / limit, 0.0, 1.0)
    if sign == FLAT:
        return _flat(arrays, slots, now_ms)
    away = arrays["fast"][slots] - arrays["slow"][slots]
    usual = arrays["deviation"][slots]
    trend: Floats = np.divide(away, usual, out=np.zeros(len(slots)), where=usual > 0.0)
    return trend


_FADING: Sequence[int] = (RISE, CHANGE, SURPRISE, RESTART)


def _wear(arrays: Arrays, slots: Slots, keep: Floats, step: Floats, score: Floats) -> None:
    # r = 0.9^days r + max(0, change of log(1 + value))
    arrays["rise"][slots] = keep * arrays["rise"][slots] + np.maximum(step, 0.0)
    arrays["change"][slots] = keep * arrays["change"][slots] + np.abs(step)
    surprise = -np.log10(1.0 - np.clip(score, 0.0, _SURPRISE_SCORE_MAX))
    arrays["surprise"][slots] = np.maximum(keep * arrays["surprise"][slots], surprise)


def _grow(arrays: Arrays, slots: Slots, now_ms: Times, value: Floats, before: Floats, fresh: Flags) -> None:
    """Follow where the present growth began, for people: a growth is over when it is all but forgotten."""
    starts = fresh | ((arrays["rise"][slots] - np.maximum(logs(value) - logs(before), 0.0)) < _RISE_OVER)
    arrays["grown_from"][slots] = np.where(starts, before, arrays["grown_from"][slots])
    since_ms = np.where(fresh, now_ms, arrays["last_ms"][slots])
    arrays["grown_since_ms"][slots] = np.where(starts, since_ms, arrays["grown_since_ms"][slots])


def _drift(arrays: Arrays, slots: Slots, value: Floats, days: Floats, fresh: Flags) -> None:
    slow = np.where(fresh, value, arrays["slow"][slots])
    off = np.abs(value - slow)
    for name, memory, sample in (("fast", _FAST_DAYS, value), ("slow", _SLOW_DAYS, value), ("deviation", 10.0, off)):
        held = np.where(fresh, value if name != "deviation" else 0.0, arrays[name][slots])
        # m += (1 - exp(-days / memory)) (sample - m)
        arrays[name][slots] = held - np.expm1(-days / memory) * (sample - held)


def _stir(arrays: Arrays, slots: Slots, now_ms: Times, changed: Flags, fresh: Flags) -> None:
    """Follow how often the value changes."""
    since_ms, seen = now_ms - arrays["changed_ms"][slots], arrays["changes"][slots]
    counted = changed & (seen > 0)
    gap_ms = arrays["change_gap_ms"][slots]
    usual_ms = gap_ms + (since_ms - gap_ms) / np.clip(seen, 1.0, _GAP_MEMORY)
    arrays["change_gap_ms"][slots] = np.where(counted, usual_ms, gap_ms)
    arrays["changed_ms"][slots] = np.where(changed | fresh, now_ms, arrays["changed_ms"][slots])
    arrays["changes"][slots] = seen + changed


def _flat(arrays: Arrays, slots: Slots, now_ms: Times) -> Floats:
    """log(time without a change / usual time), where that is longer and the series is known to change."""
    usual_ms, known = arrays["change_gap_ms"][slots], arrays["changes"][slots] >= _CHANGES_MIN
    ratio = np.divide(now_ms - arrays["changed_ms"][slots], usual_ms, out=np.ones(len(slots)), where=known)
    flat: Floats = np.log(np.maximum(ratio, 1.0))
    return flat
