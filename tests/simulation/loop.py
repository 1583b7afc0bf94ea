"""An event loop without a clock and without chance of its own: time jumps to the next timer, a seed picks what is next.

Everything that a worker runs, runs in a context that names it. So a worker can be killed between any two steps of its
coroutines: none of them runs again, no `finally` and no `except` included, as after kill -9. Or it can be put to sleep
while the rest of the world goes on, and wake as a zombie.
"""

import asyncio
import heapq
import warnings
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, ContextVar, copy_context
from random import Random
from typing import Any

IMPATIENT_STEPS = 400_000


class Life:
    """A process: alive or dead, asleep or awake."""

    def __init__(self) -> None:
        self.alive = True
        self.asleep = False
        self.steps = 0
        self.dies_at_step: int | None = None
        self.sleeps_at_step: int | None = None
        self.writes = 0
        self.dies_at_write: int | None = None
        self.sleeps_at_write: int | None = None
        self.on_death: Callable[[], None] = lambda: None
        self.on_sleep: Callable[[], None] = lambda: None
        self.held: list[asyncio.Handle] = []

    def stepped(self) -> None:
        """One step of its coroutines is done; the script may have it end or sleep here."""
        self.steps += 1
        self._end_or_sleep(self.steps, self.dies_at_step, self.sleeps_at_step)

    def wrote(self) -> None:
        """One of its checkpoint records has become durable; the same."""
        self.writes += 1
        self._end_or_sleep(self.writes, self.dies_at_write, self.sleeps_at_write)

    def _end_or_sleep(self, now: int, dies_at: int | None, sleeps_at: int | None) -> None:
        if now == dies_at:
            self.die()
        elif now == sleeps_at and not self.asleep:
            self.on_sleep()

    def die(self) -> None:
        """Run nothing any more, at once."""
        if self.alive:
            self.alive = False
            self.on_death()


LIFE: ContextVar[Life | None] = ContextVar("LIFE", default=None)


class SimulatedLoop(asyncio.BaseEventLoop):
    """Runs handles one at a time, in an order that the seed decides."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self.random = random
        self.steps = 0
        self.now_s = 0.0
        self.outside: Context = copy_context()
        """Where what is no worker's runs: the broker."""
        self.buried: list[object] = []
        """Tasks, and what else may belong to the dead: kept, or the garbage collector would end their coroutines."""

    def time(self) -> float:
        return self.now_s

    def create_task(self, coro: Any, **options: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = super().create_task(coro, **options)
        self.buried.append(task)
        return task

    def later(self, delay_s: float, do: Callable[..., object], *args: Any) -> None:
        """Have the outside world do something after a while."""
        self.call_later(delay_s, do, *args, context=self.outside)

    def wake(self, life: Life) -> None:
        """Let a process that slept go on."""
        life.asleep = False
        held, life.held = life.held, []
        self._ready.extend(held)  # type: ignore[attr-defined]

    def bury(self) -> None:
        """End what the dead have left, quietly, and close."""
        with warnings.catch_warnings(action="ignore"):  # about coroutines that never had their first step
            for task in asyncio.all_tasks(self):
                task._log_destroy_pending = False  # type: ignore[attr-defined]
                with suppress(RuntimeError):
                    task.get_coro().close()
        self.buried.clear()
        self.close()

    def _run_once(self) -> None:
        ready: Any = self._ready  # type: ignore[attr-defined]
        timers: list[Any] = self._scheduled  # type: ignore[attr-defined]
        while timers and (timers[0]._cancelled or timers[0]._when <= self.now_s or not ready):
            timer = heapq.heappop(timers)
            timer._scheduled = False
            if not timer._cancelled:
                self.now_s = max(self.now_s, timer._when)
                ready.append(timer)
        assert ready, "nothing will ever happen any more"
        place = self.random.randrange(len(ready))
        ready.rotate(-place)
        handle = ready.popleft()
        ready.rotate(place)
        if not handle._cancelled:
            self._run(handle)

    def _run(self, handle: asyncio.Handle) -> None:
        life = handle._context.get(LIFE)  # type: ignore[attr-defined]
        if life is not None and not life.alive:
            self.buried.append(handle)
            return
        if life is not None and life.asleep:
            life.held.append(handle)
            return
        self.steps += 1
        assert self.steps < IMPATIENT_STEPS, "it never ends"
        handle._run()
        if life is not None:
            life.stepped()

    def _process_events(self, event_list: object) -> None:
        """There are none: nothing comes from a socket."""

    def _write_to_self(self) -> None:
        """Nothing calls from another thread."""
