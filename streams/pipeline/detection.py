"""Detection: makes records of anomalies that turn, at the samples and ticks that turn them.

Values are judged once a sample is learned, arrivals whether it is learned or not. A silence can't be told by a sample:
a tick tells it. What it says is a function of the series' grid, and where no tick fell between, the sample that ends
the silence tells both of its records.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.anomaly import episodes
from models.anomaly.arrivals import LONGEST_TIMES, MISSED_MIN, NEVER_MS, Arrival, allowed_steps
from models.anomaly.bank import Scored
from models.anomaly.episodes import CLOSED, Evidence, Turns
from models.anomaly.kinds import CADENCE, FLAT_LINE, LEVEL_SHIFT, MISSING, SPREAD, VALUE
from models.arrays import Flags, Floats, Ints
from models.forecast.bank import Learned
from models.forecast.shifts import Shift
from streams.outputs.anomalies import Episode, anomaly_record
from streams.pipeline.anomalies import KINDS
from streams.pipeline.desk import Desk
from streams.pipeline.grid import AGGREGATED
from streams.pipeline.notices import anomaly_notice
from streams.pipeline.rows import Rows
from streams.pipeline.state import PipelineState
from streams.pipeline.subjects import subjects_of
from streams.schema import EpisodeState
from streams.settings.durations import WEEK_MS

OPEN_VALID_MS = WEEK_MS
"""An episode that is open has no further records while nothing turns."""

LOW, MEDIAN, HIGH = 0, 4, 8
"""Of the deciles that were set aside."""


class _Call(NamedTuple):
    """Rows of a wave: what their records have to say; `sample_ms` is the time of each series' newest sample."""

    slots: Ints
    step_ms: Ints
    step: Ints
    value: Floats
    at_ms: Ints
    sample_ms: Ints


class Detection:
    """Finds anomalies, and makes their records."""

    def __init__(self, state: PipelineState, desk: Desk) -> None:
        self._state, self._desk = state, desk

    def arrive(self, rows: Rows, step: Ints, excluded: Flags) -> None:
        """Note the arrival of samples that were admitted."""
        state, slots = self._state, rows.slot
        step_ms = state.grid["step_ms"][slots]
        late = np.where(state.grid["status"][slots] == AGGREGATED, state.grid["lateness_steps"][slots], 0)
        silent = np.flatnonzero(state.anomalies.bank.arrays["overdue_ms"][slots] <= step * step_ms)
        for slot, until in zip(slots[silent].tolist(), (step * step_ms)[silent].tolist(), strict=True):
            self._miss(slot, until)
        call = _Call(slots, step_ms, step, rows.value, step * step_ms, rows.timestamp_ms)
        arrival = state.anomalies.bank.arrive(slots, step_ms, step, late)
        open_kinds = self._open_kinds(slots)
        if open_kinds >> MISSING & 1:
            self._end_silence(call, arrival)
        factor = arrival.slower
        score = 1.0 - np.minimum(factor, 1.0 / factor)
        evidence = Evidence(arrival.paced & ~excluded, arrival.off_pace, score, arrival.since, rows.value, factor)
        self._follow(CADENCE, call, open_kinds, evidence, quiet=0)

    def learn(self, rows: Rows, step: Ints, value: Floats, learned: Learned) -> Scored:
        """Score samples that the forecast bank has learned, and tell what turned with them."""
        state, slots = self._state, rows.slot
        bank, step_ms = state.anomalies.bank, state.grid["step_ms"][slots]
        new = slots[state.bank.arrays["count"][slots] == 1]
        if len(new):
            bank.begin_anew(new)
        scored = bank.update(slots, step_ms, value, learned.departures)
        call = _Call(slots, step_ms, step, value, step * step_ms, rows.timestamp_ms)
        open_kinds, quiet, nothing = self._open_kinds(slots), scored.quiet, np.full(len(slots), np.nan)
        threshold = state.anomalies.threshold(slots, step_ms)
        begins = self._that_matter(call, scored.score >= threshold)
        evidence = Evidence(begins, scored.height >= threshold, scored.score, step, value, nothing)
        self._follow(VALUE, call, open_kinds, evidence, quiet)
        spread, flat = scored.spread, scored.flat
        wild = spread.begins & (spread.strength >= threshold)
        evidence = Evidence(wild, spread.holds, spread.strength, step, value, spread.ratio)
        self._follow(SPREAD, call, open_kinds, evidence, quiet)
        evidence = Evidence(flat.flat, flat.flat, flat.strength, step - flat.run, value, nothing)
        self._follow(FLAT_LINE, call, open_kinds, evidence, quiet=0)
        if learned.shift is not None or open_kinds >> LEVEL_SHIFT & 1:
            self._shift(call, open_kinds, learned.shift, quiet)
        return scored

    def tick(self, now_ms: int) -> None:
        """Tell the series whose next sample is overdue at this event time."""
        for slot in self._state.anomalies.bank.overdue(now_ms).tolist():
            self._miss(slot, now_ms)

    def may_miss(self, now_ms: int, queued: Sequence[Rows]) -> bool:
        """Whether a tick of this event time could find a series overdue, once the rows that wait are applied."""
        if len(self._state.anomalies.bank.overdue(now_ms)):
            return True
        step_ms = self._state.grid["step_ms"]
        # Whatever the rows teach, so many steps may be missed.
        return any(bool((rows.timestamp_ms + MISSED_MIN * step_ms[rows.slot] <= now_ms).any()) for rows in queued)

    def _that_matter(self, call: _Call, strange: Flags) -> Flags:
        """Those of the strange rows that the settings ask for."""
        rows = np.flatnonzero(strange)
        if len(rows):
            slots = call.slots[rows]
            median = self._state.bank.expected(slots, call.step[rows])[:, MEDIAN]
            strange[rows] = self._state.anomalies.matters(slots, call.value[rows], median)
        return strange

    def _shift(self, call: _Call, open_kinds: int, shift: Shift | None, quiet: Ints) -> None:
        """A level shift that was confirmed: it began when the series moved, and its end is that it is usual now."""
        begins, by, start = np.zeros(len(call.slots), np.bool_), np.zeros(len(call.slots)), call.step.copy()
        if shift is not None:
            rows = np.flatnonzero(np.isin(call.slots, shift.sample.slots))
            begins[rows], by[rows], start[rows] = True, shift.by, call.step[rows] - shift.steps + 1
        level = self._state.bank.arrays["level_fast"][call.slots]
        spread = self._state.bank.arrays["short_spread"][call.slots]
        size = np.abs(by)
        score = size / np.where(size > 0, size + spread, 1.0)
        evidence = Evidence(begins, np.zeros_like(begins), score, start, level, np.full(len(by), np.nan))
        self._follow(LEVEL_SHIFT, call, open_kinds, evidence, quiet, expected=level - by)

    def _miss(self, slot: int, now_ms: int) -> None:
        """Tell that a series is missing, if it is: not while an event excludes the time, nor soon after."""
        state, bank = self._state, self._state.anomalies.bank
        step_ms, last = int(state.grid["step_ms"][slot]), int(bank.arrays["arrived_step"][slot])
        overdue_ms = int(bank.arrays["overdue_ms"][slot])
        allowed_ms = step_ms * int(allowed_steps(bank.arrays["longest_gap"][slot].astype(np.int64)))
        while (end_ms := state.spans.excluded_until_ms(slot, overdue_ms - allowed_ms, overdue_ms)) is not None:
            overdue_ms = end_ms + allowed_ms
        is_missing = overdue_ms <= now_ms
        bank.arrays["overdue_ms"][slot] = NEVER_MS if is_missing else overdue_ms
        if is_missing:
            plain = (slot, step_ms, last + 1, np.nan, overdue_ms, state.grid["last_sample_ms"][slot])
            call, yes = _Call._make([np.array([each]) for each in plain]), np.array([True])
            score = np.array([1.0 - 1.0 / LONGEST_TIMES])
            evidence = Evidence(yes, yes, score, call.step, call.value, call.value)
            self._follow(MISSING, call, self._open_kinds(call.slots), evidence, quiet=0)

    def _open_kinds(self, slots: Ints) -> int:
        """The kinds, as bits, of which any of these series has an episode that is open."""
        return int(np.bitwise_or.reduce(self._state.anomalies.bank.arrays["open"][slots]))

    def _end_silence(self, call: _Call, arrival: Arrival) -> None:
        state = self._state.anomalies.bank.arrays
        rows = np.flatnonzero((state["open"][call.slots] & np.uint8(1 << MISSING)) != 0)
        ended = _Call._make([each[rows] for each in call])
        state["episode_last"][ended.slots, MISSING] = ended.step
        state["episode_score"][ended.slots, MISSING] = arrival.silence[rows]
        no, nothing = np.zeros(len(rows), np.bool_), np.full(len(rows), np.nan)
        evidence = Evidence(no, no, nothing, ended.step, nothing, nothing)
        self._follow(MISSING, ended, 1 << MISSING, evidence, quiet=-1)

    def _follow(
        self,
        kind: int,
        call: _Call,
        open_kinds: int,
        evidence: Evidence,
        quiet: Ints | int,
        *,
        expected: Floats | None = None,
    ) -> None:
        """Carry the episodes of a kind on, and tell those that turn; `open_kinds` are those of the call's series."""
        state, bank = self._state, self._state.anomalies.bank
        if not (open_kinds >> kind & 1 or evidence.begins.any()):
            return
        evidence = evidence._replace(begins=evidence.begins & state.anomalies.told(kind, call.slots))
        quiets = np.broadcast_to(np.asarray(quiet, np.int64), call.slots.shape)
        # Each value is judged by itself, so a higher one is worth telling; what lasts only peaks.
        is_value = kind == VALUE
        turns = episodes.follow(bank.arrays, kind, call.slots, call.step, call.at_ms, quiets, evidence, rises=is_value)
        if len(turns.rows):
            self._expect(kind, call, turns, expected)
            for row, what in zip(turns.rows.tolist(), turns.what.tolist(), strict=True):
                self._tell(kind, call, row, what)

    def _expect(self, kind: int, call: _Call, turns: Turns, expected: Floats | None) -> None:
        """Note what was expected where episodes open or rise."""
        rows = turns.rows[turns.what != CLOSED]
        if len(rows) and kind != MISSING:
            slots, state = call.slots[rows], self._state.anomalies.bank.arrays
            deciles = self._state.bank.expected(slots, call.step[rows])
            low, high = (deciles[:, LOW], deciles[:, HIGH]) if expected is None else (expected[rows], expected[rows])
            state["episode_low"][slots, kind], state["episode_high"][slots, kind] = low, high

    def _tell(self, kind: int, call: _Call, row: int, what: int) -> None:
        slot, step_ms, at_ms = int(call.slots[row]), int(call.step_ms[row]), int(call.at_ms[row])
        held = {name: array[slot, kind].item() for name, array in self._episode_arrays()}
        state = EpisodeState.CLOSED if what == CLOSED else EpisodeState.OPEN
        episode = Episode(
            anomaly=KINDS[kind],
            state=state,
            start_ms=held["start"] * step_ms,
            found_ms=held["found_ms"],
            last_ms=held["last"] * step_ms,
            peak_ms=held["peak"] * step_ms,
            score=held["score"],
            value=held["value"],
            expected_low=held["low"],
            expected_high=held["high"],
            factor=held["factor"],
        )
        expires_at_ms = at_ms + (OPEN_VALID_MS if state is EpisodeState.OPEN else 0)
        place = slice(row, row + 1)
        [subject] = subjects_of(
            self._state, call.slots[place], call.sample_ms[place], call.at_ms[place], np.array([expires_at_ms])
        )
        config = self._state.config
        self._desk.put(anomaly_record(config.anomalies_topic, subject, config.model, episode))
        notice = anomaly_notice(subject, episode, at_ms)
        if notice is not None:
            self._state.signals.notice(slot, notice)

    def _episode_arrays(self) -> list[tuple[str, npt.NDArray[np.generic]]]:
        state = self._state.anomalies.bank.arrays
        return [
            (field.name.removeprefix("episode_"), state[field.name])
            for field in episodes.LAYOUT
            if field.name.startswith("episode_")
        ]
