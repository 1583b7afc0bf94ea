"""Hazards: how likely an entity fails, from a score of its signs of wear. A slot is one entity.

The score is a weighted sum, and what it is worth is counted elsewhere, over a fleet (`calibration`): an entity that has
failed is seldom there to learn from. Here what was said of it is settled against the failures that were reported, and
how long it stood out before one.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import Counts, Flags, Floats, Times
from models.failure import ends, ledger, rounds, scores, warnings
from models.failure.calibration import BINS, bins_of
from models.failure.episodes import NONE
from models.failure.ledger import Ledger, Settled
from models.layout import Field, SlotBank, Slots, reset_rows
from models.verification import record

TOLD_AFTER_MS = 86_400_000
"""People take a while to write an incident down: only then is none a miss."""

OF_ENTITY = (
    Field("look_again_ms", "i8", (), 0, "ms", "not looked at again before"),
    Field("score", "f8", (), 0.0, "-", "the newest score"),
    Field("score_max", "f8", (), -np.inf, "-", "the highest one outside failures"),
    Field("failed_ms", "i8", (), NONE, "ms", "begin of the last failure, NONE before the first"),
    Field("failures_seen", "i8", (), 0, "failures", "failures reported"),
    Field("score_looks", "i4", (BINS,), 0, "looks", "settled looks by score, as `calibration` cuts it"),
    Field("score_hits", "i4", (BINS,), 0, "looks", "hits among them"),
)
_LOOKS = Ledger(
    "look",
    (
        Field("bin", "i1", (), 0, "-", "the bin of the score"),
        Field("p", "f4", (), 0.0, "-", "what was predicted"),
        Field("base", "f4", (), 0.0, "-", "what the fleet's frequency was"),
    ),
)

LAYOUT = (*rounds.LAYOUT, *OF_ENTITY, *ends.LAYOUT, *_LOOKS.layout, *scores.LAYOUT, *warnings.LAYOUT)


@dataclass(frozen=True, slots=True)
class HazardStanding:
    """What is known of n entities, arrays of shape (n,) where none is named."""

    failing: Flags
    failures_seen: Counts
    looks_settled: Counts
    brier: Floats  # NaN before the first settled look
    base_brier: Floats
    bin_looks: Counts  # settled looks by tenths of p, (n, 10)
    bin_hits: Counts
    bin_p: Floats
    flagged_ms: Times  # begin of the stretch in which the score stands out, NONE outside one
    flags: Counts  # such stretches whose outcome is known
    flags_right: Counts
    lead_p50_ms: Floats  # NaN where none was right
    leads: Counts  # the right ones by the size of their lead, (n, warnings.LEADS)
    score_looks: Counts  # settled looks by score, (n, calibration.BINS)
    score_hits: Counts
    score_max: Floats  # outside failures; -inf before the first


class HazardBank(SlotBank):
    """Rounds, scores and their record, of `capacity` entities."""

    def __init__(self, capacity: int) -> None:
        super().__init__(LAYOUT, capacity)

    def restart(self, slots: Slots) -> None:
        """Forget the rounds of these entities, and what waits for an outcome: their time was wrong."""
        reset_rows(self.arrays, rounds.LAYOUT, slots)
        _LOOKS.drop(self.arrays, slots)
        warnings.drop(self.arrays, slots)
        self.arrays["look_again_ms"][slots] = 0

    def judge(self, slots: Slots, score: Floats, p: Floats, base: Floats, stands_out: Flags, within_ms: int) -> Flags:
        """What has been said of distinct entities is settled as far as time has told; what is said now is noted.

        Returns which of them were looked at, shape (n,): about as often something is settled of one.
        """
        arrays = self.arrays
        now_ms = arrays["last_ms"][slots]
        never, within = np.zeros(len(slots), np.bool_), np.full(len(slots), within_ms)
        self._count(_LOOKS.settle(arrays, slots, now_ms, never, within, TOLD_AFTER_MS))
        arrays["score"][slots] = score
        well = np.flatnonzero(now_ms >= ends.last_ms(arrays, slots))
        slots_well, at_ms = slots[well], now_ms[well]
        arrays["score_max"][slots_well] = np.maximum(arrays["score_max"][slots_well], score[well])
        # A warning of its own kind: as certain as the fleet's threshold makes it.
        warnings.follow(arrays, slots_well, at_ms, stands_out[well].astype(np.float64))
        due = well[at_ms >= arrays["look_again_ms"][slots_well]]
        _LOOKS.note(arrays, slots[due], now_ms[due], bin=bins_of(score[due]), p=p[due], base=base[due])
        arrays["look_again_ms"][slots[due]] = now_ms[due] + look_gap_ms(within_ms)
        looked = np.zeros(len(slots), np.bool_)
        looked[due] = True
        return looked

    def fail(self, slots: Slots, start_ms: int, until_ms: int, failure_id: int, within_ms: int) -> None:
        """It was told that these distinct entities failed at `start_ms`; told again, it changes the end alone.

        One that began before another that is known is no failure of its own, but the entity fails until both are over.
        """
        arrays = self.arrays
        again = ends.known(arrays, slots, failure_id) | (start_ms <= arrays["failed_ms"][slots])
        ends.note(arrays, slots, failure_id, until_ms)
        slots = slots[~again]
        at_ms, within = np.full(len(slots), start_ms), np.full(len(slots), within_ms)
        self._count(_LOOKS.settle(arrays, slots, at_ms, np.ones(len(slots), np.bool_), within, TOLD_AFTER_MS))
        # What was said between the failure and its telling was said of an entity that had failed.
        _LOOKS.drop(arrays, slots)
        before = slots[arrays["warned_ms"][slots] <= start_ms]
        warnings.confirm(arrays, before, np.full(len(before), start_ms))
        warnings.drop(arrays, slots)
        arrays["failed_ms"][slots] = start_ms
        arrays["failures_seen"][slots] += 1

    def withdraw(self, slots: Slots, failure_id: int) -> None:
        """A failure is none of these entities' after all, or none at all: they fail by it no more.

        What it has settled stays as it is, for nothing is unlearned.
        """
        ends.withdraw(self.arrays, slots, failure_id)

    def standing(self, slots: Slots) -> HazardStanding:
        """What is known of these entities as of their last samples."""
        arrays = self.arrays
        fared, now_ms = record(arrays, slots), arrays["last_ms"][slots]
        return HazardStanding(
            failing=np.maximum(now_ms, arrays["failed_ms"][slots]) < ends.last_ms(arrays, slots),
            failures_seen=arrays["failures_seen"][slots],
            looks_settled=fared.looks_settled,
            brier=fared.brier,
            base_brier=fared.base_brier,
            bin_looks=arrays["bin_looks"][slots],
            bin_hits=arrays["bin_hits"][slots],
            bin_p=arrays["bin_p"][slots],
            flagged_ms=arrays["warned_ms"][slots],
            flags=arrays["warnings"][slots],
            flags_right=arrays["warnings_right"][slots],
            lead_p50_ms=warnings.median_lead_ms(arrays["leads"][slots]),
            leads=arrays["leads"][slots],
            score_looks=arrays["score_looks"][slots],
            score_hits=arrays["score_hits"][slots],
            score_max=arrays["score_max"][slots],
        )

    def _count(self, settled: list[Settled]) -> None:
        """Score what was said, and count outcomes by score."""
        for each in settled:
            number, p, base = (_LOOKS.noted(self.arrays, field, each) for field in ("bin", "p", "base"))
            scores.add(self.arrays, each.tracks, p.astype(np.float64), base.astype(np.float64), each.outcome)
            self.arrays["score_looks"][each.tracks, number] += 1
            self.arrays["score_hits"][each.tracks, number] += each.outcome.astype(np.int32)


def look_gap_ms(within_ms: int) -> int:
    """Looks are so far apart that the ring holds all that wait, those that nobody may have told of yet included."""
    return (within_ms + TOLD_AFTER_MS) // ledger.LOOKS_PER_WINDOW
