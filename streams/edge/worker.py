"""The worker: one Faust app per role in one process and event loop, from the first connection to a clean end."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from aiokafka.errors import KafkaConnectionError
from structlog import get_logger

from streams.cli.errors import BrokerUnavailableError, UserError
from streams.edge.absent import tell_readiness
from streams.edge.admin import create_topics, lost_topics, missing_sources, refuse_unfit_topics
from streams.edge.assembly import Assembly, assemble
from streams.edge.broker_watch import watch_broker
from streams.edge.fatal import Fatal, is_of_a_topic
from streams.edge.health import RoleHealth
from streams.edge.limits import CANCEL_S, STOP_S, TransportLimits
from streams.edge.made_anew import watch_topics
from streams.edge.metrics.server import serving_metrics
from streams.edge.reporting import report
from streams.edge.roles import Role, RoleName
from streams.edge.stalls import watch
from streams.edge.watchdog import reading_if_ready
from streams.runtime.parts import Engine
from streams.runtime.stalls import mend_stalls
from streams.settings.model import Settings

log = get_logger(__name__)

ALL_ROLES = tuple(RoleName)


class WorkerFailedError(UserError):
    """The worker ended on an error, which was logged where it happened."""


class TopicsLostError(UserError):
    """Topics of ours were deleted while the worker ran."""


async def run_worker(
    settings: Settings,
    roles: Sequence[RoleName] = ALL_ROLES,
    stop: asyncio.Event | None = None,
    *,
    engine: Engine,
    limits: TransportLimits | None = None,
) -> None:
    """Run until `stop` is set, then make durable what was done.

    Parameters
    ----------
    roles
        Which roles this process has.
    stop
        Ends the worker cleanly; None: it runs until cancelled, which is no clean end.
    engine
        Makes the pure parts.
    limits
        How much is fetched, held and sent at once.

    Raises
    ------
    BrokerUnavailableError
        If the broker can't be reached at the start, or is silent for too long later.
    UnfitTopicsError
        If a topic would lose samples or state.
    TopicsLostError
        If topics of ours were deleted meanwhile.
    WorkerFailedError
        If anything else failed. What is not durable is applied again by the next worker.
    """
    fatal = Fatal()
    stop = stop or asyncio.Event()
    limits = limits or TransportLimits(fetch_bytes=settings.worker.fetch_bytes)
    created = await create_topics(settings)
    await refuse_unfit_topics(settings)
    worker = assemble(settings, roles, engine, limits, fatal)
    log.info(
        "worker starts",
        roles=[str(name) for name in roles],
        broker=",".join(settings.broker.bootstrap_servers),
        sources=[source.topic for source in settings.sources],
        prefix=settings.topics.prefix,
        partitions=settings.topics.partitions,
        topics_created=created,
    )
    if RoleName.INGEST in roles:
        for problem in await missing_sources(settings):
            log.warning(str(problem))
    async with serving_metrics(settings.worker.metrics, worker.registry, worker.health):
        await _run_roles(worker, settings, stop, fatal)
    _raise_failure(await _explained(fatal.error, settings))


async def _run_roles(worker: Assembly, settings: Settings, stop: asyncio.Event, fatal: Fatal) -> None:
    tasks = [_spawn(work, doing, fatal) for one in worker.running for doing, work in _work_of(one, settings).items()]
    tasks.append(_spawn(watch_broker(worker.roles, settings), "looking for the broker", fatal))
    try:
        await _first_of(stop, fatal.happened)
        if fatal.error is None:
            await asyncio.gather(*[_finish(role, fatal) for role in worker.roles])
    finally:
        await _end(tasks, worker.roles)


def _work_of(one: RoleHealth, settings: Settings) -> dict[str, Coroutine[Any, Any, None]]:
    role = one.role
    return {
        f"running {role.name}": _serve(role),
        f"the {role.name} role's own loop": role.run(),
        f"mending stalls of {role.name}": mend_stalls(role.cursor, role.log, lambda: reading_if_ready(role)),
        f"the {role.name} role": watch(role, one.standstill, settings),
        f"reporting on {role.name}": report(role),
        f"the readiness of {role.name}": tell_readiness(role),
        f"the topics of {role.name}": watch_topics(role),
    }


async def _serve(role: Role) -> None:
    """Start the app, and end only when it stops or crashes."""
    await role.app.start()
    await role.app.wait_until_stopped()
    if role.app.crash_reason is not None:
        raise role.app.crash_reason


def _spawn(work: Coroutine[Any, Any, None], doing: str, fatal: Fatal) -> asyncio.Task[None]:
    async def guarded() -> None:
        try:
            await work
        except Exception as error:
            fatal.report(error, doing)

    return asyncio.create_task(guarded(), name=doing)


async def _first_of(*events: asyncio.Event) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


async def _finish(role: Role, fatal: Fatal) -> None:
    try:
        await role.finish()
    except Exception as error:
        fatal.report(error, f"the last commit of {role.name}")
    log.info("role ends", role=str(role.name), **role.totals)


async def _end(tasks: Sequence[asyncio.Task[None]], running: Sequence[Role]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*[_stop_app(role) for role in running])
    await asyncio.wait(tasks, timeout=CANCEL_S)


async def _stop_app(role: Role) -> None:
    # Not `wait_for`: that waits until what it cancels lets go, and clients of a dead broker don't.
    stopping = asyncio.ensure_future(role.app.stop())
    await asyncio.wait([stopping], timeout=STOP_S)
    error = stopping.exception() if stopping.done() else f"not within {STOP_S:.0f} s"
    if error is not None:
        # What was done is durable, or the worker failed already: the connections die with the process.
        log.warning("the connections did not close in time", role=str(role.name), error=str(error))


async def _explained(error: BaseException | None, settings: Settings) -> BaseException | None:
    """The error, or the topics that are gone, where they explain it."""
    if error is None or not is_of_a_topic(error):
        return error
    try:
        lost = await lost_topics(settings)
    except UserError:
        return error
    if not lost:
        return error
    return TopicsLostError(
        f"the worker failed: the broker does not have {', '.join(lost)} any more ({type(error).__name__});"
        " a new start makes what is missing, as `foreshock topics create` does"
    )


def _raise_failure(error: BaseException | None) -> None:
    if isinstance(error, UserError):
        raise error
    if isinstance(error, KafkaConnectionError):
        raise BrokerUnavailableError(f"the broker can't be reached: {error}") from error
    if error is not None:
        raise WorkerFailedError(f"the worker failed: {type(error).__name__}: {error}") from error
