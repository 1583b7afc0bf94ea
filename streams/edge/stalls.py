"""What ends a worker that gets nowhere, with the reason: its supervisor starts it again.

Faust and aiokafka try everything again for ever, and in silence. So the worker itself notices

1. that another worker has taken its place in the group, or that the group refuses it: at once;
2. that nobody answers for its group: the broker is dead, or the group has no coordinator;
3. that the state does not come back: Faust's recovery can die silently;
4. that a partition has more to read and delivers nothing, though `mend_stalls` sought it again; one that only waits
   for its turn is left alone as long as others have theirs.

The last three after `worker.stall_timeout`. When one of them is found the broker is asked, by a connection of its own:
if it can't be reached that is the reason, whatever it looks like from inside.
"""

import asyncio
import time

from streams.cli.errors import BrokerUnavailableError, ExitCode, UserError
from streams.edge.admin import ask_broker
from streams.edge.roles import Role
from streams.edge.standstill import Standstill
from streams.edge.touchpoints_group import coordination_error
from streams.edge.watchdog import is_ready, lag_of, reading_of
from streams.runtime.stalls import STALL_CHECK_S, Reading
from streams.settings.durations import format_duration
from streams.settings.model import Settings


class GroupLostError(UserError):
    """The consumer group refuses this worker, or nobody answers for it."""

    exit_code = ExitCode.BROKER


class StalledError(UserError):
    """A partition, or a recovery, made no progress for a long time."""


async def watch(role: Role, standstill: Standstill, settings: Settings) -> None:
    """End with an error if the role gets nowhere; else runs until cancelled."""
    finder = _Finder(role, standstill, settings.worker.stall_timeout_ms)
    while True:
        await asyncio.sleep(STALL_CHECK_S)
        _raise_refusal(role)
        stall = finder.look(time.monotonic())
        if stall is not None:
            raise await _explained(stall, settings)


def _raise_refusal(role: Role) -> None:
    if role.app.contact.fenced is not None:
        raise role.app.contact.fenced
    error = coordination_error(role.app)
    if error is not None:
        raise GroupLostError(f"{role.app.conf.id}: the consumer group refuses this worker: {error}")


class _Finder:
    """Looks at a role now and then."""

    def __init__(self, role: Role, standstill: Standstill, timeout_ms: int) -> None:
        self._role, self._standstill = role, standstill
        self._timeout_s = timeout_ms / 1000
        self._for = f"for {format_duration(timeout_ms)} (worker.stall_timeout)"
        self._group = role.app.conf.id
        self._recovery: tuple[int, int] | None = None
        self._recovered_at_s = time.monotonic()

    def look(self, now_s: float) -> UserError | None:
        """What has stalled, if anything has."""
        role, ready = self._role, is_ready(self._role.app)
        progress = role.app.rebalancing_count, role.restored().records
        if ready or progress != self._recovery:
            self._recovery, self._recovered_at_s = progress, now_s
        if ready:
            self._standstill.look(role.cursor.positions(), reading_of(role), role.cursor.taken, now_s)
        else:
            self._standstill.look({}, Reading({}), 0, now_s)
        return self._silent() or self._unrecovered(now_s) or self._still(now_s)

    def _silent(self) -> UserError | None:
        if self._role.app.contact.silence_s() < self._timeout_s:
            return None
        return GroupLostError(
            f"{self._group}: the broker answers, but no coordinator for the consumer group did {self._for};"
            " look at the brokers' log for its __consumer_offsets partition"
        )

    def _unrecovered(self, now_s: float) -> UserError | None:
        if now_s - self._recovered_at_s < self._timeout_s:
            return None
        rebalances, records = self._recovery or (0, 0)
        return StalledError(
            f"{self._group}: neither joined nor recovered, and no nearer to it, {self._for}"
            f" (rebalances: {rebalances}, changelog records read: {records})"
        )

    def _still(self, now_s: float) -> UserError | None:
        still = [place for place, since_s in self._standstill.since().items() if now_s - since_s >= self._timeout_s]
        if not still:
            return None
        lag = lag_of(self._role)
        logs = ", ".join([f"{place} ({lag.get(place, 0)} records to read)" for place in sorted(still)])
        return StalledError(f"{self._group}: nothing was taken {self._for} of {logs}, though it was sought again")


async def _explained(stall: UserError, settings: Settings) -> UserError:
    """The stall, or that the broker can't be reached, which explains it."""
    try:
        await ask_broker(settings)
    except BrokerUnavailableError as error:
        timeout = format_duration(settings.worker.stall_timeout_ms)
        return BrokerUnavailableError(f"{error}; nothing was heard of it for {timeout} (worker.stall_timeout)")
    except UserError:
        return stall
    return stall
