"""Error budgets: how fast an objective's allowance of bad events is spent. A slot is one objective of one entity.

Good and bad are sums by time, in rings of buckets: a fine one for the short windows of alerts, a coarse one for the
budget's own window. All events of an entity are added up, so that many series may make one objective. A window ends
with the newest bucket and is as long as asked for, less at most one bucket.

    error ratio(w) = bad / all, over the window w
    burn rate(w) = error ratio(w) / (1 - target)

A burn rate of 1 spends the budget in just its window. An alert needs a long and a short window above the same rate: the
long one says that it matters, the short one that it goes on (Beyer et al., The Site Reliability Workbook, chapter 5).
"""

import numpy as np

from models.arrays import Floats, Times
from models.layout import Arrays, Field, Slots

FINE_MS = 60_000
FINE = 360
"""Six hours by the minute."""

COARSE_MS = 2 * 3_600_000
COARSE = 372
"""31 days by two hours."""

NO_TIME = -(2**62)
_RINGS = (("fine", FINE_MS, FINE), ("coarse", COARSE_MS, COARSE))

LAYOUT = (
    Field("newest_ms", "i8", (), NO_TIME, "ms", "event time of the newest sample"),
    Field("first_ms", "i8", (), NO_TIME, "ms", "event time of the first one"),
    Field("fine_bad", "f8", (FINE,), 0.0, "events", "bad events of each minute, in a ring"),
    Field("fine_all", "f8", (FINE,), 0.0, "events", "all events of each"),
    Field("coarse_bad", "f8", (COARSE,), 0.0, "events", "bad events of each two hours, in a ring"),
    Field("coarse_all", "f8", (COARSE,), 0.0, "events", "all events of each"),
)


FINE_WINDOW_MS_MAX = FINE * FINE_MS


def add(arrays: Arrays, slots: Slots, now_ms: Times, bad: Floats, every: Floats) -> None:
    """Add events of one time to each of distinct slots, shapes (n,); what is older than the ring is passed over."""
    newest_ms = np.maximum(arrays["newest_ms"][slots], now_ms)
    for name, width_ms, size in _RINGS:
        _turn(arrays, name, slots, newest_ms, width_ms, size)
        kept = newest_ms // width_ms - now_ms // width_ms < size
        place = now_ms // width_ms % size
        arrays[f"{name}_bad"][slots, place] += np.where(kept, bad, 0.0)
        arrays[f"{name}_all"][slots, place] += np.where(kept, every, 0.0)
    arrays["first_ms"][slots] = np.where(arrays["first_ms"][slots] == NO_TIME, now_ms, arrays["first_ms"][slots])
    arrays["newest_ms"][slots] = newest_ms


def sums(arrays: Arrays, slots: Slots, window_ms: int) -> tuple[Floats, Floats]:
    """Bad and all events of the window that ends with the newest sample of each slot, shapes (n,)."""
    name, width_ms, size = _RINGS[0] if window_ms <= FINE_WINDOW_MS_MAX else _RINGS[1]
    buckets = window_ms // width_ms
    assert 1 <= buckets <= size, f"no ring holds {window_ms} ms"
    newest = arrays["newest_ms"][slots] // width_ms
    places = (newest[:, np.newaxis] - np.arange(buckets)) % size
    rows = slots[:, np.newaxis]
    # Good events may be told before all are.
    bad = np.maximum(arrays[f"{name}_bad"][rows, places].sum(axis=1), 0.0)
    return bad, arrays[f"{name}_all"][rows, places].sum(axis=1)


def burn_rates(bad: Floats, every: Floats, target: float) -> Floats:
    """How many times faster than its window allows a budget is spent; 0 where there were no events."""
    ratio = np.divide(bad, every, out=np.zeros_like(bad), where=every > 0.0)
    rates: Floats = ratio / (1.0 - target)
    return rates


def left(bad: Floats, every: Floats, target: float) -> Floats:
    """The share of the budget that is left in its window: 1 untouched, 0 spent, below that overspent."""
    return 1.0 - burn_rates(bad, every, target)


def exhausted_in_ms(left_share: Floats, rate: Floats, window_ms: int) -> Floats:
    """Time until the budget is spent at this burn rate, if nothing bad leaves the window meanwhile; infinite at 0.

    A burn rate of 1 spends a whole budget in its window, so the share that is left lasts for

        left x window / rate
    """
    room = np.maximum(left_share, 0.0) * window_ms
    lasts = np.where(room > 0.0, np.inf, 0.0)
    np.divide(room, rate, out=lasts, where=rate > 0.0)
    return lasts


def _turn(arrays: Arrays, name: str, slots: Slots, newest_ms: Times, width_ms: int, size: int) -> None:
    """Empty the buckets that time has moved on to."""
    fresh = arrays["newest_ms"][slots] == NO_TIME
    before = np.where(fresh, newest_ms, arrays["newest_ms"][slots]) // width_ms
    steps = np.minimum(newest_ms // width_ms - before, size)
    moved = np.flatnonzero(steps > 0)
    for step in range(int(steps[moved].max(initial=0))):
        on = moved[steps[moved] > step]
        place = (newest_ms[on] // width_ms - step) % size
        arrays[f"{name}_bad"][slots[on], place] = 0.0
        arrays[f"{name}_all"][slots[on], place] = 0.0
