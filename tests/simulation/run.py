"""One run of the simulation: a seed decides what comes in, what breaks and when; then all heals, and is compared."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from streams.checkpoint import find
from streams.records import InputRecord, OutputRecord
from streams.runtime.log import Committed, Place
from streams.runtime.partition_state import PartitionState
from streams.runtime.parts import Engine, Pipeline
from streams.runtime.positions import is_other
from tests.simulation.cluster import Cluster, Group, Weather
from tests.simulation.hops import FORECAST, Hop
from tests.simulation.loop import Life, SimulatedLoop
from tests.simulation.worker import Worker

TROUBLES = (
    *("crash", "crash amid writes", "sleep", "sleep amid writes", "sleep amid writes", "jump", "rebalance"),
    *("join", "leave", "slow", "slow topic", "slow topic", "fail", "calm"),
)
CALM_S = 0.005
HEALED_WITHIN_S = 600.0


@dataclass(frozen=True, slots=True)
class Script:
    """What one run does; all of it follows from the seed and these.

    `anew` is how often a telemetry topic is deleted and made again. `dies_at_step`, `sleeps_at_step` and
    `dies_at_write` break the first worker at one place, to go through all.
    """

    seed: int
    engine: Callable[[], Engine]
    sources: dict[Place, list[bytes]]
    partitions: int
    hops: tuple[Hop, ...] = (FORECAST,)
    workers: int = 2
    seconds: float = 10.0
    rough: float = 0.05
    troubles: int = 12
    damages: int = 0
    anew: int = 0
    dies_at_step: int | None = None
    sleeps_at_step: int | None = None
    dies_at_write: int | None = None
    sleeps_at_write: int | None = None


@dataclass(slots=True)
class Outcome:
    """What happened, and how it compares with the undisturbed run over the same log."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    logs: dict[Place, list[InputRecord]] = field(default_factory=dict)
    published: list[OutputRecord] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    """Messages on the telemetry topics, and those on topics that were deleted."""
    steps: int = 0
    writes: int = 0


class Run:
    """The world of one script."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.random = Random(script.seed)
        self.loop = SimulatedLoop(self.random)
        self.loop.set_exception_handler(lambda *_: None)  # the dead leave futures behind that nobody asks
        self.cluster = Cluster(self.loop)
        self.outcome = Outcome()
        self.workers: list[Worker] = []
        self.healed = False
        self.ending = False
        places = {"ingest": list(script.sources)}
        places |= {hop.group: [place for place in self._places() if place.topic == hop.log] for hop in script.hops}
        self._hop_of = {hop.log: hop for hop in script.hops}
        for name, of_group in places.items():
            self.cluster.groups[name] = Group(self.cluster, of_group)

    def play(self) -> Outcome:
        """Run it all."""
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_until_complete(self._play())
        finally:
            asyncio.set_event_loop(None)
            self.loop.bury()
        self.outcome.steps, self.outcome.writes = self.workers[0].life.steps, self.workers[0].life.writes
        return self.outcome

    async def _play(self) -> None:
        script = self.script
        groups = self.loop.create_task(self._look_after_groups())
        for _ in range(script.workers):
            self._start_worker()
        self._break_at_one_place()
        self._feed()
        for _ in range(script.troubles):
            self.loop.later(self.random.uniform(0.0, script.seconds), self._trouble)
        for _ in range(script.damages):
            self.loop.later(self.random.uniform(0.0, script.seconds), self._damage)
        for _ in range(script.anew):
            self.loop.later(self.random.uniform(0.0, script.seconds), self._make_anew)
        await asyncio.sleep(script.seconds)
        self.healed = True
        self.cluster.weather = Weather(CALM_S)
        await self._until_done()
        for place in self._places():
            self._compare_living(place)
        await self._end_workers()
        while not all(self._durable_offset(place) == self.cluster.end(place) for place in self._places()):
            self._start_worker()  # one died at its last checkpoint, or it is damaged
            await self._until_done()
            await self._end_workers()
        groups.cancel()
        self._collect()

    def _places(self) -> list[Place]:
        """The partitions of the logs of which there is state."""
        return [Place(hop.log, number) for hop in self.script.hops for number in range(self.script.partitions)]

    def _state_place(self, place: Place) -> Place:
        return Place(self._hop_of[place.topic].state, place.partition)

    def _start_worker(self) -> None:
        rough = 0.0 if self.healed else self.script.rough
        worker = Worker(self.cluster, self.script.engine(), self.script.hops, f"w{len(self.workers)}", rough)
        worker.life.on_death = lambda: self._died(worker)
        self.workers.append(worker)
        worker.start()

    def _died(self, worker: Worker) -> None:
        if worker.failure is not None:
            self.outcome.problems.append(f"{worker.name} ended on {worker.failure!r}")
        if not self.ending:
            self.outcome.counts["crashes"] += 1
            self.loop.later(self.random.uniform(0.1, 3.0), self._start_worker)

    async def _end_workers(self) -> None:
        self.ending = True
        for worker in [worker for worker in self.workers if worker.life.alive]:
            await worker.stop()
        self.ending = False

    def _durable_offset(self, place: Place) -> int:
        found = find(self.cluster.latest(self._state_place(place)))
        if found.damage:
            return -1
        return found.manifest.next_offset if found.manifest is not None else 0

    async def _look_after_groups(self) -> None:
        while True:
            await asyncio.sleep(0.1)
            for group in self.cluster.groups.values():
                group.look()

    def _break_at_one_place(self) -> None:
        life = self.workers[0].life
        life.dies_at_step, life.sleeps_at_step = self.script.dies_at_step, self.script.sleeps_at_step
        life.dies_at_write, life.sleeps_at_write = self.script.dies_at_write, self.script.sleeps_at_write
        life.on_sleep = lambda: self._sleep(life, 4.0)

    def _feed(self) -> None:
        """Let the messages of the sources come over the time of the run."""
        for place, values in self.script.sources.items():
            times = sorted([self.random.uniform(0.0, self.script.seconds * 0.9) for _ in values])
            for at_s, value in zip(times, values, strict=True):
                record = OutputRecord(place.topic, place.partition, b"", value, ())
                self.loop.later(at_s, self.cluster.append, record)

    def _trouble(self) -> None:
        """One thing goes wrong."""
        if self.healed:
            return
        kind = self.random.choice(TROUBLES)
        worker = self.random.choice([worker for worker in self.workers if worker.life.alive] or [None])
        if worker is None:
            return
        self.outcome.counts[kind] += 1
        if kind == "crash" and worker:
            worker.life.dies_at_step = worker.life.steps + self.random.randrange(1, 200)
        elif kind == "crash amid writes" and worker:
            worker.life.dies_at_write = worker.life.writes + self.random.randrange(1, 8)
        elif kind == "sleep" and worker:
            worker.life.sleeps_at_step = worker.life.steps + self.random.randrange(1, 200)
            worker.life.on_sleep = lambda: self._sleep(worker.life, self.random.uniform(0.5, 6.0))
        elif kind == "sleep amid writes" and worker:
            worker.life.sleeps_at_write = worker.life.writes + self.random.randrange(1, 8)
            worker.life.on_sleep = lambda: self._sleep(worker.life, self.random.uniform(0.5, 6.0))
        elif kind == "jump":
            self.loop.now_s += self.random.choice([1.0, 10.0, 3600.0])
        elif kind == "rebalance":
            self.random.choice(list(self.cluster.groups.values())).rebalance()
        elif kind == "join" and sum([worker.life.alive for worker in self.workers]) < 4:
            self._start_worker()
        elif kind == "leave" and worker:
            self.loop.create_task(worker.stop(), context=self.loop.outside)
        else:
            self._change_weather(kind)

    def _damage(self) -> None:
        """A record of a changelog becomes unreadable."""
        place = self._state_place(self.random.choice(self._places()))
        records = self.cluster.latest(place)
        if records:
            key = self.random.choice(sorted(records))
            damaged = self.random.choice([records[key][:-1] + b"?", records[key][:20], None])
            self.cluster.append(OutputRecord(*place, key, damaged, ()))
            self.outcome.counts["damaged records"] += 1

    def _make_anew(self) -> None:
        topic = self.random.choice(sorted({place.topic for place in self.script.sources}))
        self.cluster.make_anew(topic)
        self.outcome.counts["topics made anew"] += 1

    def _change_weather(self, kind: str) -> None:
        if kind == "slow":
            self.cluster.weather.latency_s = self.random.choice([0.1, 0.5])
        elif kind == "slow topic":
            self.cluster.weather.slow_topic = self.random.choice(
                [*[topic for hop in self.script.hops for topic in hop[1:3]], "forecasts"]
            )
        elif kind == "fail":
            self.cluster.weather.failing = 0.01
        elif kind == "calm":
            self.cluster.weather = Weather()

    def _sleep(self, life: Life, seconds: float) -> None:
        life.asleep = True
        self.outcome.counts["zombies"] += 1
        self.loop.later(seconds, self.loop.wake, life)

    async def _until_done(self) -> None:
        deadline_s = self.loop.now_s + HEALED_WITHIN_S
        while not self._is_done():
            assert self.loop.now_s < deadline_s, self._state_of_affairs()
            await asyncio.sleep(0.5)

    def _is_done(self) -> bool:
        """Whether all that came in was ingested, committed, and applied by a worker that has the partition."""
        ingest = self.cluster.groups["ingest"]
        ingested = all(self._ingested(place) == self.cluster.end(place) for place in ingest.places)
        applied = [self._applied(place) == self.cluster.end(place) for place in self._places()]
        return ingested and all(applied) and not any(worker.life.asleep for worker in self.workers)

    def _ingested(self, place: Place) -> int:
        committed = self.cluster.groups["ingest"].committed.get(place, Committed(0))
        return 0 if is_other(committed.topic_id, self.cluster.topic_id(place.topic)) else committed.offset

    def _applied(self, place: Place) -> int:
        state = self._state_of(place)
        return state.pipeline.next_offset if state is not None else -1

    def _state_of(self, place: Place) -> PartitionState | None:
        """The state of a partition at the worker that has it now."""
        hop = self._hop_of[place.topic]
        name = self.cluster.groups[hop.group].assignment.get(place)
        for worker in self.workers:
            if worker.life.alive and worker.stateful[hop].log.name == name:
                state = worker.processing[hop].partitions.get(place.partition)
                if state is not None and state.rebuild is None and not state.lost:
                    return state
        return None

    def _state_of_affairs(self) -> str:
        logs = {str(place): len(log) for place, log in self.cluster.logs.items()}
        return f"not healed: logs {logs}, committed {[group.committed for group in self.cluster.groups.values()]}"

    def _collect(self) -> None:
        outcome = self.outcome
        damaged = sum([worker.damage_found for worker in self.workers])
        outcome.counts["quarantined sections"] = damaged
        if damaged and not self.script.damages:
            outcome.problems.append(f"{damaged} sections of a state were found damaged")
        outcome.counts["rebalances"] = sum([group.rebalances for group in self.cluster.groups.values()])
        outcome.sent = {message for place in self.script.sources for message in self._messages(place)}
        outcome.gone = {
            f"{place.topic}/{place.partition}/{topic_id}/{offset}"
            for (place, topic_id), log in self.cluster.gone.items()
            for offset in range(len(log))
        }
        for place, log in self.cluster.logs.items():
            ours = {topic for hop in self.script.hops for topic in hop[1:3]}
            if place.topic not in ours and place not in self.script.sources:
                outcome.published += log
        for place in self._places():
            log = self.cluster.logs.get(place, [])
            outcome.logs[place] = [InputRecord(at, record.value) for at, record in enumerate(log)]
            self._compare_durable(place)

    def _messages(self, place: Place) -> list[str]:
        name = f"{place.topic}/{place.partition}/{self.cluster.topic_id(place.topic)}"
        return [f"{name}/{offset}" for offset in range(self.cluster.end(place))]

    def _compare_living(self, place: Place) -> None:
        """Compare the state in memory with that of a pipeline that reads the log at once."""
        state = self._state_of(place)
        assert state is not None
        if state.pipeline.dump() != self._calm(place, self.cluster.end(place)).dump():
            self.outcome.problems.append(f"{place}: the state in memory is not that of its log")

    def _compare_durable(self, place: Place) -> None:
        """Compare the durable state with that of a pipeline that reads the log up to the same offset."""
        found = find(self.cluster.latest(self._state_place(place)))
        if found.damage:
            self.outcome.problems.append(f"{place}: {found.damage}")
        elif found.manifest and found.sections != self._calm(place, found.manifest.next_offset).dump():
            self.outcome.problems.append(f"{place}: the durable state is not that of its log")

    def _calm(self, place: Place, stop: int) -> Pipeline:
        calm = self._hop_of[place.topic].maker(self.script.engine())(place.partition)
        calm.step(self.cluster.read(place, 0, stop))
        return calm
