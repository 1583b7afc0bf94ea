"""How likely does it break? How often a rule's episodes followed what is seen now, and what the forecast says of it.

A slot follows one series under one rule: on the wrong side of a threshold for so long (`episodes`), at a few horizons
(`tracks`). Samples are counted (`looks`). When something is to be published, the frequency that follows from the counts
and the path of the series' forecast, which the caller has, are weighed against each other (`experts`); what is said is
noted, settled and scored (`published`, `warnings`). So a prediction comes with the record of those published before.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.arrays import Counts, Flags, Floats, Times
from models.failure import episodes, experts, looks, published, tracks, warnings
from models.failure.episodes import Passed
from models.layout import Field, SlotBank, Slots
from models.verification import record

OF_BANK = (
    Field("own", "i1", (), 0, "place", "place of the rule's own horizon among all"),
    Field("wake_ms", "i8", (), 0, "ms", "before this time a sample that opens no episode decides nothing"),
)
LAYOUT = (*episodes.LAYOUT, *OF_BANK, *tracks.LAYOUT, *looks.LAYOUT, *published.LAYOUT, *warnings.LAYOUT)
_OF_TRACK = (*tracks.OF_TRACK, *looks.OF_TRACK, *published.OF_TRACK)


@dataclass(frozen=True, slots=True)
class FailurePrediction:
    """Predictions of n slots, arrays of shape (n,) where none is named. Scores are those of the own horizon.

    They are as of the last publication: what came since is settled with the next one.
    """

    p: Floats  # an episode opens within the rule's own horizon after the last sample; 1 inside an episode
    p_standard: Floats  # the same within each of tracks.STANDARD_MS, (n, 3)
    path_weight: Floats  # share of the forecast's path in `p`; NaN where the forecast ends before the horizon
    breaking: Flags  # inside an episode now
    is_prior: Flags  # nothing is counted yet: the frequency is the prior
    looks_settled: Counts
    events_seen: Counts
    brier: Floats  # mean of (p - outcome)² over settled predictions; NaN before the first
    base_brier: Floats  # the same of the slot's overall frequency, as it was at each of them
    brier_standard: Floats  # the first of these at each of tracks.STANDARD_MS, (n, 3)
    base_brier_standard: Floats
    settled_standard: Counts  # (n, 3)
    bin_looks: Counts  # settled predictions by tenths of p, (n, 10)
    bin_hits: Counts
    bin_p: Floats  # sums
    warnings: Counts
    warnings_right: Counts
    lead_p50_ms: Floats  # NaN where no warning was right
    leads: Counts  # right warnings by the size of their lead, (n, warnings.LEADS)


@dataclass(frozen=True, slots=True)
class _Mixture:
    """What the experts say together of n slots outside an episode, shape (n, h)."""

    p: Floats
    base: Floats
    frequencies: Floats
    path_weights: Floats


class FailureBank(SlotBank):
    """Rules, episodes and settled frequencies of `capacity` slots."""

    def __init__(self, capacity: int) -> None:
        super().__init__(LAYOUT, capacity)
        self._tracks = tracks.by_track(self.arrays, _OF_TRACK)

    def reserve(self, slots: int) -> None:
        """Make room for at least so many slots; those there are stay as they are."""
        super().reserve(slots)
        self._tracks = tracks.by_track(self.arrays, _OF_TRACK)

    def reset(
        self, slots: Slots, threshold: Floats, direction: npt.NDArray[np.integer], for_ms: Times, within_ms: Times
    ) -> None:
        """Forget these slots and give them their rules; shapes (n,), direction +1 above, -1 below, within_ms > 0."""
        self.clear(slots)
        self.arrays["threshold"][slots] = threshold
        self.arrays["direction"][slots] = direction
        self.arrays["for_ms"][slots] = for_ms
        for slot, own_ms in zip(slots.tolist(), within_ms.tolist(), strict=True):
            self.arrays["within_ms"][slot], self.arrays["own"][slot] = tracks.horizons_ms(own_ms)

    def update(self, slots: Slots, timestamp_ms: Times, value: Floats, step_ms: Times) -> None:
        """Add one sample to each of the (distinct) slots; shapes (n,), values finite, each slot's time increasing."""
        passed = episodes.follow(self.arrays, slots, timestamp_ms, value, step_ms)
        awake = passed.silent | passed.opened | (timestamp_ms >= self.arrays["wake_ms"][slots])
        places = np.flatnonzero(awake)
        if len(places):
            now_ms = timestamp_ms[places]
            self._judge(slots[places], passed.take(places), now_ms)
            self._look(slots[places], now_ms)

    def publish(self, slots: Slots, timestamp_ms: Times, paths: Floats, every_ms: Times) -> FailurePrediction:
        """What is to be told of (distinct) slots now, which is noted, to be settled and to weigh the experts later.

        Parameters
        ----------
        timestamp_ms
            What is told of a slot is noted where this is the time of its last sample, and it is outside an episode:
            a sample that was not learned from says nothing of what came. Shape (n,).
        paths
            How likely the series' forecast has an episode open within each horizon, NaN where it ends before;
            shape (n, h).
        every_ms
            How far apart predictions are published; shape (n,).
        """
        arrays, now_ms = self.arrays, self.arrays["last_ms"][slots]
        self._settle_published(slots, now_ms, np.zeros(len(slots), np.bool_))
        mixture = self._mix(slots, paths, every_ms)
        noted = np.flatnonzero((timestamp_ms == now_ms) & ~arrays["in_episode"][slots])
        if len(noted):
            of, at_ms, p = slots[noted], now_ms[noted], mixture.p[noted]
            published.note(self._tracks, of, at_ms, p, mixture.base[noted], mixture.frequencies[noted], paths[noted])
            warnings.follow(arrays, of, at_ms, p[np.arange(len(of)), arrays["own"][of]])
        return self._prediction(slots, mixture)

    def _mix(self, slots: Slots, paths: Floats, every_ms: Times) -> _Mixture:
        frequencies, base = looks.frequencies(self.arrays, slots, looks.condition(self.arrays, slots))
        shares = experts.path_weights(self.arrays, slots, paths, every_ms)
        return _Mixture(experts.mix(frequencies, paths, shares), base, frequencies, shares)

    def _prediction(self, slots: Slots, mixture: _Mixture) -> FailurePrediction:
        arrays, every = self.arrays, np.arange(len(slots))
        breaking, own = arrays["in_episode"][slots], arrays["own"][slots].astype(np.int64)
        p = np.where(breaking[:, np.newaxis], 1.0, mixture.p)
        settled, brier, base_brier = record(arrays, slots)
        at = tracks.standard_places(own, arrays["within_ms"][slots])
        return FailurePrediction(
            p=p[every, own],
            p_standard=np.take_along_axis(p, at, axis=1),
            path_weight=mixture.path_weights[every, own],
            breaking=breaking,
            is_prior=arrays["all_looks"][slots, own] == 0.0,
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

    def _judge(self, slots: Slots, passed: Passed, now_ms: Times) -> None:
        """What these samples decide of earlier looks; of what was published, what waits no longer for the next time."""
        silent, opened = np.flatnonzero(passed.silent), np.flatnonzero(passed.opened)
        if len(silent):
            self._drop(slots[silent], passed.before_ms[silent])
        of, horizon = np.nonzero(self.arrays["within_ms"][slots] != tracks.UNUSED)
        looks.settle(self._tracks, tracks.tracks_of(slots)[of, horizon], now_ms[of], passed.opened[of])
        if len(opened):
            self._settle_published(slots[opened], now_ms[opened], np.ones(len(opened), np.bool_))
            warnings.confirm(self.arrays, slots[opened], now_ms[opened])

    def _drop(self, slots: Slots, before_ms: Times) -> None:
        """Forget what waits in slots that were silent since then, save what had been decided before."""
        self._settle_published(slots, before_ms, np.zeros(len(slots), np.bool_))
        of_slots = tracks.tracks_of(slots).ravel()
        looks.drop(self._tracks, of_slots)
        published.drop(self._tracks, of_slots)
        warnings.drop(self.arrays, slots)

    def _settle_published(self, slots: Slots, now_ms: Times, opened: Flags) -> None:
        of, horizon = np.nonzero(self.arrays["within_ms"][slots] != tracks.UNUSED)
        published.settle(self._tracks, tracks.tracks_of(slots)[of, horizon], now_ms[of], opened[of])

    def _look(self, slots: Slots, now_ms: Times) -> None:
        """Look from these samples, where they are outside an episode."""
        breaking = self.arrays["in_episode"][slots]
        # An episode may end with any sample.
        self.arrays["wake_ms"][slots[breaking]] = 0
        slots, now_ms = slots[~breaking], now_ms[~breaking]
        if len(slots):
            looks.take(self.arrays, self._tracks, slots, now_ms)
            self.arrays["wake_ms"][slots] = looks.next_ms(self._tracks, slots)
