"""The measurement from beginning to end, on a broker that runs."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from load.recovery.plan import EMIT_EVERY_STEPS, LAST_STEP, Plan
from load.recovery.rival import RawRead, read_raw
from load.recovery.stocking import Stock, stock_up
from load.recovery.witness import differing, expected
from load.recovery.worker import Recovery, recover
from load.verify.compare import Prediction
from load.verify.topics import lag, records_of
from streams.edge.admin import create_topics
from streams.settings.model import Settings

WITHIN_S = 900.0


@dataclass(frozen=True, slots=True)
class Check:
    """Whether the state that was reached is right.

    `forecasts` of `forecasts_due` came; `witnessed` of them were compared byte for byte, and `differing` are the keys
    that were not alike. `uncommitted` records of the samples topic lie behind the last checkpoint; None without one.
    """

    forecasts: int
    forecasts_due: int
    witnessed: int
    differing: list[str]
    uncommitted: int | None

    @property
    def is_right(self) -> bool:
        """Whether nothing is missing, twice, or unlike."""
        return self.forecasts == self.forecasts_due and not self.differing and not self.uncommitted


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured. `disk_bytes` is the changelog as the broker keeps it, compressed."""

    plan: Plan
    stock: Stock
    disk_bytes: int
    raw: RawRead
    recovery: Recovery
    check: Check


async def measure(plan: Plan, bootstrap_servers: str, data: Path, console: Console) -> Result:
    """Stock up the broker, whose data lie in a folder, let the rival read, then a worker recover; check it."""
    settings = Settings.model_validate(plan.document(bootstrap_servers))
    due = plan.series * (LAST_STEP // EMIT_EVERY_STEPS - plan.state_step // EMIT_EVERY_STEPS)
    with console.status(f"training, and writing the state of {plan.series:,} series"):
        await create_topics(settings)
        stock, source = await stock_up(plan, settings)
    disk_bytes = bytes_on_disk(data, settings.topics.state)
    witnesses = expected(plan, settings, source)
    del source
    with console.status("reading the changelog with aiokafka alone"):
        raw = await asyncio.to_thread(read_raw, bootstrap_servers, settings.topics.state, plan.partitions)
    with console.status("recovering"):
        recovery = await recover(plan, settings, due, WITHIN_S)
    with console.status("checking"):
        check = await _check(settings, due, witnesses, recovery)
    return Result(plan, stock, disk_bytes, raw, recovery, check)


def bytes_on_disk(data: Path, topic: str) -> int:
    """What a topic's log segments take in a broker's folder."""
    return sum([segment.stat().st_size for segment in data.glob(f"{topic}-[0-9]*/*.log")])


async def _check(settings: Settings, due: int, witnesses: list[Prediction], recovery: Recovery) -> Check:
    client = {"bootstrap_servers": list(settings.broker.bootstrap_servers)}
    wanted, found, count = {each.key for each in witnesses}, set(), 0
    async for prediction in _forecasts(client, settings.topics.forecasts):
        count += 1
        if prediction.key in wanted:
            found.add(prediction)
    behind = None
    if recovery.last_checkpoint_s is not None:
        behind = await lag(client, f"{settings.topics.prefix}-forecast", settings.topics.samples)
    return Check(count, due, len(witnesses), differing(witnesses, found), behind)


async def _forecasts(client: dict[str, list[str]], topic: str) -> AsyncIterator[Prediction]:
    async for record in records_of(client, topic):
        headers = tuple([(name, value.decode()) for name, value in record.headers])
        value = None if record.value is None else record.value.decode()
        yield Prediction("forecasts", record.key.decode(), value, headers)
