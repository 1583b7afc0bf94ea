"""The watermark of one source partition: how far its event time has come, and the ticks that say so.

Time is what the samples say, so a wrong clock must not move it: a timestamp more than `JUMP_MS` ahead is believed
only when samples of the next `CONFIRMATIONS` messages, of whatever series, lie at or after it (less `JUMP_MS`). The
first sample of all is such a jump too. A sample before that contradicts the jump, which is then forgotten. Samples of
one message don't confirm each other: they come from one clock.

The state lives in the process and is lost with it, by design: a tick says "at least this far", so a later or a
missing one does no harm, and a restarted ingest finds the time again from its next four messages.
"""

import numpy as np

from streams.blocks import IntColumn

TICK_INTERVAL_MS = 10_000
JUMP_MS = 3_600_000
CONFIRMATIONS = 3

assert TICK_INTERVAL_MS < JUMP_MS


class Watermark:
    """The watermark of one source partition."""

    def __init__(self) -> None:
        self._time_ms: int | None = None
        self._jump_ms: int | None = None
        self._confirmations = 0
        self._heard_offset = -1  # Of the last message that named or confirmed the jump.
        self._ticked_ms: int | None = None

    def advance(self, offsets: IntColumn, timestamps_ms: IntColumn) -> int | None:
        """Take the rows of a fetch, in source order; gives the tick if one is due.

        A tick is a multiple of `TICK_INTERVAL_MS` that event time has reached; several that are passed at once make
        one. So the last tick is the same however the samples are cut into fetches.
        """
        unsettled = 0
        while unsettled < len(offsets) and (self._time_ms is None or self._jump_ms is not None):
            self._advance_warily(int(offsets[unsettled]), int(timestamps_ms[unsettled]))
            unsettled += 1
        rest = timestamps_ms[unsettled:]
        if not self._advance_calmly(rest):
            for offset, timestamp_ms in zip(offsets[unsettled:].tolist(), rest.tolist(), strict=True):
                self._advance_warily(offset, timestamp_ms)
        return self._due_tick()

    def _advance_calmly(self, timestamps_ms: IntColumn) -> bool:
        """The way of nearly every fetch, where nothing jumps. False: it isn't one of these; nothing was taken."""
        if self._time_ms is None:
            return not len(timestamps_ms)
        reached_ms = np.maximum.accumulate(np.concatenate(([self._time_ms], timestamps_ms)))
        if np.any(np.diff(reached_ms) > JUMP_MS):
            return False
        self._time_ms = int(reached_ms[-1])
        return True

    def _advance_warily(self, offset: int, timestamp_ms: int) -> None:
        if self._jump_ms is not None:
            self._weigh_jump(self._jump_ms, offset, timestamp_ms)
        if self._time_ms is not None and timestamp_ms <= self._time_ms + JUMP_MS:
            self._time_ms = max(self._time_ms, timestamp_ms)
        elif self._jump_ms is None:
            self._jump_ms, self._heard_offset, self._confirmations = timestamp_ms, offset, 0

    def _weigh_jump(self, jump_ms: int, offset: int, timestamp_ms: int) -> None:
        if timestamp_ms < jump_ms - JUMP_MS:
            self._jump_ms = None
            return
        self._confirmations += offset != self._heard_offset
        self._heard_offset = offset
        if self._confirmations == CONFIRMATIONS:
            self._time_ms = jump_ms if self._time_ms is None else max(self._time_ms, jump_ms)
            self._jump_ms = None

    def _due_tick(self) -> int | None:
        if self._time_ms is None:
            return None
        tick_ms = self._time_ms - self._time_ms % TICK_INTERVAL_MS
        if self._ticked_ms is not None and tick_ms <= self._ticked_ms:
            return None
        self._ticked_ms = tick_ms
        return tick_ms
