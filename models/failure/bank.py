"""How likely does it break? The settled frequency with which a rule's episodes follow what is seen now.

A slot follows one series under one rule: on the wrong side of a threshold for so long (`episodes`), predicted at a few
horizons (`looks`), scored (`ledger`, `warnings`). The probability is a count of what happened, and it comes with the
record of its own past predictions.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.failure import episodes, ledger, looks, warnings
from models.layout import Field, SlotBank, Slots

OF_BANK = (
    Field("own", "i1", (), 0, "place", "place of the rule's own horizon among all"),
    Field("wake_ms", "i8", (), 0, "ms", "before this time a sample that opens no episode decides nothing"),
)
LAYOUT = (*episodes.LAYOUT, *OF_BANK, *looks.LAYOUT, *warnings.LAYOUT)

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FailurePrediction:
    """Predictions of n slots, arrays of shape (n,) where none is named. Scores are those of the own horizon."""

    p: Floats  # an episode opens within the rule's own horizon after the last sample; 1 inside an episode
    p_standard: Floats  # the same within each of looks.STANDARD_MS, (n, 3)
    breaking: Flags  # inside an episode now
    is_prior: Flags  # nothing is settled yet: outside an episode `p` is the prior
    looks_settled: Counts
    events_seen: Counts
    brier: Floats  # mean of (p - outcome)² over settled looks; NaN before the first
    base_brier: Floats  # the same of the slot's overall frequency, as it was at each look
    brier_standard: Floats  # the first of these at each of looks.STANDARD_MS, (n, 3)
    base_brier_standard: Floats
    settled_standard: Counts  # (n, 3)
    bin_looks: Counts  # settled looks by tenths of p, (n, 10)
    bin_hits: Counts
    bin_p: Floats  # sums
    warnings: Counts
    warnings_right: Counts
    lead_p50_ms: Floats  # NaN where no warning was right
    leads: Counts  # right warnings by the size of their lead, (n, warnings.LEADS)


class FailureBank(SlotBank):
    """Rules, episodes and settled frequencies of `capacity` slots."""

    def __init__(self, capacity: int) -> None:
        super().__init__(LAYOUT, capacity)
        self._tracks = looks.by_track(self.arrays)

    def reserve(self, slots: int) -> None:
        """Make room for at least so many slots; those there are stay as they are."""
        super().reserve(slots)
        self._tracks = looks.by_track(self.arrays)

    def reset(
        self, slots: Slots, threshold: Floats, direction: npt.NDArray[np.integer], for_ms: Times, within_ms: Times
    ) -> None:
        """Forget these slots and give them their rules; shapes (n,), direction +1 above, -1 below, within_ms > 0."""
        self.forget(slots)
        self.arrays["threshold"][slots] = threshold
        self.arrays["direction"][slots] = direction
        self.arrays["for_ms"][slots] = for_ms
        for slot, own_ms in zip(slots.tolist(), within_ms.tolist(), strict=True):
            self.arrays["within_ms"][slot], self.arrays["own"][slot] = looks.horizons_ms(own_ms)

    def update(self, slots: Slots, timestamp_ms: Times, value: Floats, step_ms: Times) -> None:
        """Add one sample to each of the (distinct) slots; shapes (n,), values finite, each slot's time increasing."""
        passed = episodes.follow(self.arrays, slots, timestamp_ms, value, step_ms)
        awake = passed.silent | passed.opened | (timestamp_ms >= self.arrays["wake_ms"][slots])
        places = np.flatnonzero(awake)
        if len(places):
            now_ms = timestamp_ms[places]
            self._judge(slots[places], now_ms, passed.silent[places], passed.opened[places])
            self._look(slots[places], now_ms)

    def predict(self, slots: Slots) -> FailurePrediction:
        """What each slot's condition at its last sample says."""
        arrays, every = self.arrays, np.arange(len(slots))
        breaking, own = arrays["in_episode"][slots], arrays["own"][slots].astype(np.int64)
        frequencies, _ = looks.frequencies(arrays, slots, looks.condition(arrays, slots))
        p = np.where(breaking[:, np.newaxis], 1.0, frequencies)
        settled = arrays["looks_settled"][slots]
        count = np.where(settled > 0, settled, np.nan)
        brier, base_brier = arrays["square_error"][slots] / count, arrays["base_square_error"][slots] / count
        at = looks.standard_places(own, arrays["within_ms"][slots])
        return FailurePrediction(
            p=p[every, own],
            p_standard=np.take_along_axis(p, at, axis=1),
            breaking=breaking,
            is_prior=settled[every, own] == 0,
            looks_settled=settled[every, own],
            events_seen=arrays["events_seen"][slots],
            brier=brier[every, own],
            base_brier=base_brier[every, own],
            brier_standard=np.take_along_axis(brier, at, axis=1),
            base_brier_standard=np.take_along_axis(base_brier, at, axis=1),
            settled_standard=np.take_along_axis(settled, at, axis=1),
            bin_looks=arrays["bin_looks"][slots, own],
            bin_hits=arrays["bin_hits"][slots, own],
            bin_p=arrays["bin_p"][slots, own],
            warnings=arrays["warnings"][slots],
            warnings_right=arrays["warnings_right"][slots],
            lead_p50_ms=warnings.median_lead_ms(arrays["leads"][slots]),
            leads=arrays["leads"][slots],
        )

    def _judge(self, slots: Slots, now_ms: Times, silent: Flags, opened: Flags) -> None:
        """What these samples decide of earlier looks."""
        if silent.any():
            ledger.drop(self._tracks, looks.tracks_of(slots[silent]).ravel())
            warnings.drop(self.arrays, slots[silent])
        used = np.nonzero(self.arrays["within_ms"][slots] != looks.UNUSED)
        looks.settle(self._tracks, looks.tracks_of(slots)[used], now_ms[used[0]], opened[used[0]])
        if opened.any():
            warnings.confirm(self.arrays, slots[opened], now_ms[opened])

    def _look(self, slots: Slots, now_ms: Times) -> None:
        """Look ahead from these samples, where they are outside an episode."""
        breaking = self.arrays["in_episode"][slots]
        # An episode may end with any sample.
        self.arrays["wake_ms"][slots[breaking]] = 0
        slots, now_ms = slots[~breaking], now_ms[~breaking]
        if len(slots):
            new, p = looks.take(self.arrays, self._tracks, slots, now_ms)
            own = self.arrays["own"][slots].astype(np.int64)
            every = np.arange(len(slots))
            looked = new[every, own]
            warnings.follow(self.arrays, slots[looked], now_ms[looked], p[every, own][looked])
            self.arrays["wake_ms"][slots] = looks.next_ms(self.arrays, slots)
