"""Faust's recovery, with patience: what took too long is tried again.

Faust gives each question of a recovery to the broker `broker_request_timeout`. When that runs out,
`mode.Service.wait_first` answers as if the service had been stopped, and the task that recovers ends, without a word
and for good: every later rebalance waits for it in vain. A worker that stood still for longer than a request may take
(SIGSTOP, a virtual machine that was moved) finds all these times run out at once, and its roles never came back.
"""

from typing import Any

import structlog
from faust.tables.manager import TableManager
from faust.tables.recovery import RebalanceAgain, Recovery, ServiceStopped
from typing_extensions import override

from streams.edge.service_log import SERVICE_LOGGER

log = structlog.get_logger(__name__)


ATTEMPTS_MAX = 5
"""In one generation of the group. Each reads the changelog, which the watchdog takes for progress: it must end."""


class PatientRecovery(Recovery):
    """A recovery that begins anew when a part of it was not done in time, some times; then the watchdog has it."""

    logger = SERVICE_LOGGER
    _late_in_generation = (0, 0)

    @override
    async def _wait(self, coro: Any, timeout: Any = None) -> None:
        try:
            await super()._wait(coro, timeout)
        except ServiceStopped:
            if self.should_stop or self._attempts() > ATTEMPTS_MAX:
                raise
            log.warning("a part of the recovery was not done in time; it begins anew", within_s=timeout)
            # The loop of recoveries waits for this, and takes the generation that it had.
            self.signal_recovery_start.set()
            raise RebalanceAgain from None

    def _attempts(self) -> int:
        """How often this generation's recovery was late, this time too."""
        generation, count = self._late_in_generation
        count = count + 1 if generation == self._generation_id else 1
        self._late_in_generation = (self._generation_id, count)
        return count


class PatientTables(TableManager):
    """Faust's tables, with that recovery."""

    logger = SERVICE_LOGGER

    @property
    @override
    def recovery(self) -> Recovery:
        if self._recovery is None:
            self._recovery = PatientRecovery(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery
