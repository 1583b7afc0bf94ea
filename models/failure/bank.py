"""How likely does it break? The settled frequency with which a rule's episodes follow what is seen now.

A slot follows one series under one rule: on the wrong side of a threshold for so long (`episodes`), predicted so far
ahead (`looks`). The probability is a count of what happened, and it comes with the record of its own past predictions.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.failure import episodes, looks
from models.layout import Layout, Slots, allocate, grow, reset_rows

LAYOUT = episodes.LAYOUT + looks.LAYOUT

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FailurePrediction:
    """Predictions of n slots, all arrays of shape (n,)."""

    p: Floats  # an episode opens within `within_ms` of the slot's last sample; 1 inside an episode
    breaking: Flags  # inside an episode now
    is_prior: Flags  # nothing is settled yet: outside an episode `p` is the prior
    looks_settled: npt.NDArray[np.int64]
    events_seen: npt.NDArray[np.int64]
    brier: Floats  # mean of (p - outcome)² over settled looks; NaN before the first
    base_brier: Floats  # the same of the slot's overall frequency, as it was at each look


class FailureBank:
    """Rules, episodes and settled frequencies of `capacity` slots."""

    def __init__(self, capacity: int) -> None:
        self.layout: Layout = LAYOUT
        self.arrays = allocate(LAYOUT, capacity)

    def reserve(self, slots: int) -> None:
        """Make room for at least so many slots; those there are stay as they are."""
        held = len(next(iter(self.arrays.values())))
        if slots > held:
            self.arrays = grow(self.arrays, LAYOUT, max(slots, 2 * held))

    def reset(
        self, slots: Slots, threshold: Floats, direction: npt.NDArray[np.integer], for_ms: Times, within_ms: Times
    ) -> None:
        """Forget these slots and give them their rules; shapes (n,), direction +1 above, -1 below, within_ms > 0."""
        reset_rows(self.arrays, LAYOUT, slots)
        self.arrays["threshold"][slots] = threshold
        self.arrays["direction"][slots] = direction
        self.arrays["for_ms"][slots] = for_ms
        self.arrays["within_ms"][slots] = within_ms

    def update(self, slots: Slots, timestamp_ms: Times, value: Floats, step_ms: Times) -> None:
        """Add one sample to each of the (distinct) slots; shapes (n,), values finite, each slot's time increasing."""
        passed = episodes.follow(self.arrays, slots, timestamp_ms, value, step_ms)
        looks.drop(self.arrays, slots[passed.silent])
        looks.settle(self.arrays, slots, timestamp_ms, passed.opened)
        looks.take(self.arrays, slots, timestamp_ms)

    def predict(self, slots: Slots) -> FailurePrediction:
        """What each slot's condition at its last sample says."""
        p, _ = looks.frequencies(self.arrays, slots, looks.condition(self.arrays, slots))
        breaking = self.arrays["in_episode"][slots]
        settled = self.arrays["looks_settled"][slots]
        count = np.where(settled > 0, settled, np.nan)
        return FailurePrediction(
            p=np.where(breaking, 1.0, p),
            breaking=breaking,
            is_prior=settled == 0,
            looks_settled=settled,
            events_seen=self.arrays["events_seen"][slots],
            brier=self.arrays["square_error"][slots] / count,
            base_brier=self.arrays["base_square_error"][slots] / count,
        )
