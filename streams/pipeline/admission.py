"""Admission: which samples a series may learn from, by the series' own time.

A step takes one sample, the first; what comes for an earlier step is late. A sample more than `jump_steps` away from
the series' last one waits until three later ones confirm it: a lone absurd timestamp moves nothing. Backwards, that
holds only for a series of fewer than four samples, whose own start is as doubtful; later it is late. A series whose
step is not configured waits for its first nine samples.
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Ints
from models.layout import Arrays
from streams.pipeline.cadence import SAMPLES_NEEDED, inferred_step_ms
from streams.pipeline.grid import NO_STEP, READY, WARMING
from streams.pipeline.rows import Row, Rows
from streams.rejects import RejectReason

CONFIRMED_BY = 4
"""Samples, each a step or more after the one before, that make a jump believed: the sample and three later ones."""


class Refusal(NamedTuple):
    """A row that was refused, and why."""

    row: Row
    reason: RejectReason
    detail: str


class Admitted(NamedTuple):
    """What became of a wave.

    `rows` are to be learned from now, at `step`; `released` are rows that waited and follow now, slot by slot. The
    series in `restarted` begin again before that: their first samples turned out to be the absurd ones.
    """

    rows: Rows
    step: Ints
    released: list[list[Row]]
    refused: list[Refusal]
    restarted: list[int]


class Admission:
    """Judges rows, and keeps those that may yet be judged otherwise.

    `waiting` holds rows that are not learned from yet, by slot, in the order they are to be released; `young` the rows
    that series of fewer than four samples have learned from, for these may turn out to be the absurd ones.
    """

    def __init__(self, grid: Arrays, jump_steps: int) -> None:
        self.grid = grid
        self.jump_steps = jump_steps
        self.waiting: dict[int, list[Row]] = {}
        self.young: dict[int, list[Row]] = {}
        self._refused: list[Refusal] = []
        self._restarted: list[int] = []

    def admit(self, rows: Rows) -> Admitted:
        """Judge rows of different slots."""
        grid, slot = self.grid, rows.slot
        last = grid["last_step"][slot]
        step = rows.timestamp_ms // grid["step_ms"][slot]
        ahead = np.where(last == NO_STEP, 1, step - last)
        young = grid["accepted"][slot] < CONFIRMED_BY
        doubtful = (ahead > self.jump_steps) | ((ahead < -self.jump_steps) & young)
        unusual = (grid["status"][slot] != READY) | (grid["waiting"][slot] > 0) | doubtful
        plain = ~unusual & (ahead > 0)
        released: list[list[Row]] = []
        for place in np.flatnonzero(~plain).tolist():
            row = rows.single(place)
            if unusual[place]:
                released.append(self._wait(row))
            else:
                self._refuse_behind(row, int(ahead[place]))
        chosen = np.flatnonzero(plain)
        for row in rows.take(chosen[young[chosen]]).singles():
            self._remember(row)
        refused, self._refused = self._refused, []
        restarted, self._restarted = self._restarted, []
        return Admitted(rows.take(chosen), step[chosen], [each for each in released if each], refused, restarted)

    def forget(self, slot: int) -> list[Row]:
        """Drop what waits in a slot; returns it."""
        self.grid["waiting"][slot] = 0
        return self.waiting.pop(slot, [])

    def _remember(self, row: Row) -> None:
        """Note that a young series learns from this row; with the fourth its beginning is believed."""
        rows = self.young.setdefault(row.slot, [])
        rows.append(row)
        if len(rows) == CONFIRMED_BY:
            del self.young[row.slot]

    def _wait(self, row: Row) -> list[Row]:
        """Take a row that can't be learned from at once; returns the rows that can be now."""
        if self.grid["status"][row.slot] == WARMING:
            return self._warm(row)
        return self._hold(row)

    def _warm(self, row: Row) -> list[Row]:
        """Collect a new series' first samples, in time order, until its step can be told."""
        held = self.waiting.setdefault(row.slot, [])
        self.grid["waiting"][row.slot] = 1
        if any(other.timestamp_ms == row.timestamp_ms for other in held):
            self._refuse(row, RejectReason.SAME_STEP, "the series has a sample of this very instant")
            return []
        held.append(row)
        if len(held) < SAMPLES_NEEDED:
            return []
        released = sorted(self.forget(row.slot), key=lambda each: each.timestamp_ms)
        self.grid["step_ms"][row.slot] = inferred_step_ms([each.timestamp_ms for each in released])
        self.grid["status"][row.slot] = READY
        return released

    def _hold(self, row: Row) -> list[Row]:
        """Hold a jump until it is confirmed, or refuse what is held when the series goes on where it was."""
        step_ms, last = int(self.grid["step_ms"][row.slot]), int(self.grid["last_step"][row.slot])
        held = self.waiting.get(row.slot, [])
        step = row.timestamp_ms // step_ms
        if abs(step - last) <= self.jump_steps:
            self._refuse_held(row.slot)
            return [row]
        if step < last and self.grid["accepted"][row.slot] >= CONFIRMED_BY:
            self._refuse_behind(row, step - last)
            return []
        ahead = step - held[-1].timestamp_ms // step_ms if held else 1
        if -self.jump_steps <= ahead <= 0:
            # It neither confirms nor contradicts: sources may send several samples a step, or some of them late.
            self._refuse_behind(row, ahead)
            return []
        if ahead > self.jump_steps or ahead < 0:
            self._refuse_held(row.slot)
            held = []
        self.waiting[row.slot] = [*held, row]
        self.grid["waiting"][row.slot] = 1
        if len(held) + 1 < CONFIRMED_BY:
            return []
        return self._confirm(row.slot)

    def _confirm(self, slot: int) -> list[Row]:
        released = self.forget(slot)
        first = released[0].timestamp_ms // int(self.grid["step_ms"][slot])
        if first < self.grid["last_step"][slot]:
            self._restarted.append(slot)
            for row in self.young.pop(slot):
                self._refuse(row, RejectReason.JUMP_AHEAD, f"more than {self.jump_steps} steps ahead of what followed")
        # The jump is believed, so its samples are judged from its own beginning on.
        self.grid["last_step"][slot] = first - 1
        return released

    def _refuse_held(self, slot: int) -> None:
        for row in self.forget(slot):
            detail = (
                f"more than {self.jump_steps} steps from the series' other samples, and not confirmed by later ones"
            )
            self._refuse(row, RejectReason.JUMP_AHEAD, detail)

    def _refuse_behind(self, row: Row, ahead: int) -> None:
        if ahead == 0:
            self._refuse(row, RejectReason.SAME_STEP, "the series has a sample in this step; the first one counts")
        else:
            self._refuse(row, RejectReason.LATE, f"{-ahead} steps behind the series' last sample")

    def _refuse(self, row: Row, reason: RejectReason, detail: str) -> None:
        self._refused.append(Refusal(row, reason, detail))
