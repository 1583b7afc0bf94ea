"""One line a minute and role: how much was done, how fast, how far behind, how old what is durable."""

import asyncio
import time
from collections import Counter
from typing import Any

from structlog import get_logger

from streams.edge.limits import REPORT_INTERVAL_S
from streams.edge.roles import Role
from streams.edge.watchdog import is_ready, lag_of

log = get_logger(__name__)


async def report(role: Role, interval_s: float = REPORT_INTERVAL_S) -> None:
    """Log the role's progress at this interval; runs until cancelled."""
    before, at = Counter(role.totals), time.monotonic()
    while True:
        await asyncio.sleep(interval_s)
        totals, now = Counter(role.totals), time.monotonic()
        log.info("progress", role=str(role.name), **progress_of(role), **_rates(totals - before, now - at))
        before, at = totals, now


def progress_of(role: Role) -> dict[str, Any]:
    """The totals since the start, the lag in records, and the age of the oldest checkpoint."""
    progress: dict[str, Any] = dict(role.totals)
    if is_ready(role.app):
        lag = lag_of(role)
        progress["partitions"] = len(lag)
        progress["lag"] = sum(lag.values())
    age_s = role.oldest_checkpoint_s()
    if age_s is not None:
        progress["checkpoint_age_s"] = round(age_s, 1)
    return progress


def _rates(done: Counter[str], seconds: float) -> dict[str, float]:
    return {f"{name}_per_s": round(count / seconds, 1) for name, count in sorted(done.items())}
