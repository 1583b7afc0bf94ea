"""A worker of the simulation: the runtime's coroutines, and round them what `streams.edge` does with Faust.

A role's consumer fetches into a queue, and what is in the queue may be dropped, doubled or come in another order. An
agent takes batches from it and applies them. The group says which partitions it has, later than they have gone.
"""

import asyncio
from collections.abc import Awaitable, Coroutine, Iterable, Mapping, Sequence
from contextvars import copy_context
from typing import Any, Protocol

from streams.checkpoint import find
from streams.records import OutputRecord
from streams.runtime.batches import RecordBatch
from streams.runtime.cadence import Cadence
from streams.runtime.cursor import Cursor
from streams.runtime.ingesting import Ingesting
from streams.runtime.log import Bounds, Committed, Place
from streams.runtime.outbox import Outbox
from streams.runtime.parts import Engine
from streams.runtime.positions import of_these_logs
from streams.runtime.processing import Processing
from streams.runtime.stalls import Reading, mend_stalls
from tests.simulation.cluster import (
    Cluster,
    Group,
    MadeAnewError,
    Member,
    Message,
    Producer,
    SendFailedError,
)
from tests.simulation.hops import Hop
from tests.simulation.loop import LIFE, Life

CADENCE = Cadence(interval_s=0.5, bytes_per_sample=1)
DEADLINE_S = 4.0
QUEUE_BATCHES = 4
UNACKNOWLEDGED_MAX = 50
SILENT_AFTER_S = {"telemetry": 3.0}


class Role(Protocol):
    """What the runtime's two roles have in common."""

    cursor: Cursor

    async def apply(self, batch: RecordBatch) -> None: ...

    def starting_offsets(self, committed: Mapping[Place, int | None], bounds: Bounds) -> dict[Place, int]: ...

    async def finish(self, deadline_s: float) -> None: ...


class SimulatedLog:
    """The runtime's `Log`: one role's consumer, which believes what it was told last, and its producer."""

    def __init__(self, cluster: Cluster, group: Group, producer: Producer, name: str) -> None:
        self.generation = 0
        self.assigned: frozenset[Place] = frozenset()
        self.positions: dict[Place, int] = {}
        self.bounds: Bounds = {}
        self.name = name
        self.group = group
        self._cluster = cluster
        self._producer = producer

    def is_assigned(self, place: Place) -> bool:
        return place in self.assigned

    async def send(self, record: OutputRecord) -> Awaitable[object]:
        return await self._producer.send(record)

    async def commit(self, offsets: Mapping[Place, int]) -> bool:
        # The client binds a commit to the assignment it is made in: on its way it becomes no commit of a later one.
        name, generation = self.name, self.generation
        ours = {
            place: Committed(offset, self.bounds[place].topic_id if place in self.bounds else "")
            for place, offset in offsets.items()
            if place in self.assigned
        }
        await self._cluster.pause()
        taken = bool(ours) and self.group.commit(name, generation, ours)
        await self._cluster.pause()
        return taken

    async def first_offset(self, place: Place) -> int:
        await self._cluster.pause()
        return 0

    async def seek(self, place: Place, offset: int) -> None:
        await self._cluster.pause()
        if place in self.positions:
            self.positions[place] = offset


class Consumer:
    """One role of a worker."""

    def __init__(self, worker: "Worker", group: Group, state_topic: str = "") -> None:
        self.worker = worker
        self.state_topic = state_topic
        self.cluster = worker.cluster
        self.group = group
        self.log = SimulatedLog(worker.cluster, group, worker.producer, "")
        self.role: Role
        self.flows = False
        self.queue: list[RecordBatch] = []
        self._filled = asyncio.Event()

    def works(self) -> Iterable[Coroutine[Any, Any, None]]:
        """What runs side by side."""
        yield self._membership()
        yield self._fetching()
        yield self._agent()
        yield mend_stalls(self.role.cursor, self.log, self._reading)

    def restore(self) -> None:
        """Build the state of the assigned partitions."""
        processing, state = self.role, self.state_topic
        if isinstance(processing, Processing):
            numbers = [place.partition for place in self.log.assigned]
            found = [find(self.cluster.latest(Place(state, number))) for number in numbers]
            self.worker.damage_found += sum([len(each.damage) for each in found])
            processing.restore(numbers, lambda number: self.cluster.latest(Place(state, number)))

    async def revoke(self) -> None:
        """Stop, and make durable what was done, while the partitions are still ours as far as we know."""
        self.flows = False
        self.queue.clear()
        await self.role.finish(DEADLINE_S)

    def _reading(self) -> Reading | None:
        ends = self.ends()
        return None if ends is None else Reading(ends, {batch.place for batch in self.queue})

    def ends(self) -> Mapping[Place, int] | None:
        """The ends of the logs; None while nothing is read."""
        return {place: self.cluster.end(place) for place in self.log.assigned} if self.flows else None

    async def _membership(self) -> None:
        while True:
            self.log.name = f"{self.worker.name}.{self.worker.number()}"
            inbox: asyncio.Queue[Message] = asyncio.Queue()
            member = Member(self.worker.life, inbox, self.cluster.loop.now_s)
            self.group.join(self.log.name, member)
            heard: asyncio.Task[Message] | None = None
            while True:
                heard = heard or asyncio.create_task(inbox.get())
                await asyncio.wait([heard], timeout=self.cluster.random.uniform(0.1, 1.0))
                if not self.group.hear(self.log.name):
                    await self.revoke()
                    break
                if heard.done():
                    await self._told(heard.result())
                    heard = None

    async def _told(self, message: Message) -> None:
        if message.assigned is None:
            await self.revoke()
            self.group.revoked(self.log.name)
            return
        self.log.generation, self.log.assigned = message.generation, message.assigned
        self.log.positions = {}
        await self.cluster.pause()
        self.restore()
        await self.cluster.pause()
        committed = {place: self.group.committed.get(place) for place in self.log.assigned}
        await self.cluster.pause()  # others may go on, and commit
        bounds = self.cluster.bounds(committed)
        starts = self.role.starting_offsets(of_these_logs(committed, bounds), bounds)
        self.log.positions, self.log.bounds = starts, bounds
        self.flows = True

    async def _fetching(self) -> None:
        """Fill the queue, and mistreat what is in it, as rebalances do."""
        random = self.cluster.random
        while True:
            await asyncio.sleep(random.expovariate(20))
            self._look_at_topics()
            behind = [place for place, at in self.log.positions.items() if at < self.cluster.end(place)]
            if self.flows and behind and len(self.queue) < QUEUE_BATCHES:
                place = random.choice(sorted(behind))
                start = self.log.positions[place]
                records = self.cluster.read(place, start, random.randrange(1, 20))
                self.log.positions[place] = start + len(records)
                self.queue.append(RecordBatch(place, start, records))
                self._mistreat()
                self._filled.set()

    def _look_at_topics(self) -> None:
        """Notice now and then that a topic was made anew; before the new log is longer than the old one was."""
        expected = self.role.cursor.positions()
        for place in self.log.positions:
            if self.cluster.topic_id(place.topic) == self.log.bounds[place].topic_id:
                continue
            if self.cluster.end(place) > expected.get(place, 0) or self.cluster.random.random() < 0.1:
                raise MadeAnewError(str(place))
            self.log.positions[place] = 0  # out of range, so the client begins anew by itself

    def _mistreat(self) -> None:
        random, rough = self.cluster.random, self.worker.rough
        if random.random() < rough:
            self.queue.clear()
        if self.queue and random.random() < rough:
            self.queue.append(random.choice(self.queue))
        if random.random() < rough:
            random.shuffle(self.queue)

    async def _agent(self) -> None:
        while True:
            while not self.queue:
                self._filled.clear()
                await self._filled.wait()
            await self.role.apply(self.queue.pop(0))


class Worker:
    """A process with all roles. It ends at the first error, as the real one does."""

    def __init__(self, cluster: Cluster, engine: Engine, hops: Sequence[Hop], name: str, rough: float) -> None:
        self.cluster, self.name, self.rough = cluster, name, rough
        self.life = Life()
        self.failure: BaseException | None = None
        self.producer = Producer(cluster, self.life)
        self.damage_found = 0
        self._numbers = 0
        self._context = copy_context()
        self._context.run(LIFE.set, self.life)
        self._tasks: list[asyncio.Task[None]] = []
        self.ingest = Consumer(self, cluster.groups["ingest"])
        self.ingesting = Ingesting(
            self.ingest.log, engine.ingest(), self._outbox(self.ingest), "ingest", SILENT_AFTER_S
        )
        self.ingest.role = self.ingesting
        self.stateful: dict[Hop, Consumer] = {}
        self.processing: dict[Hop, Processing] = {}
        for hop in hops:
            self._add(hop, engine)

    def start(self) -> None:
        """Run until it dies."""
        works = [work for consumer in self._consumers() for work in consumer.works()]
        works += [self.ingesting.run(self.ingest.ends)]
        works += [processing.run() for processing in self.processing.values()]
        loop = self.cluster.loop
        self._tasks = [loop.create_task(self._guarded(work), context=self._context) for work in works]
        loop.buried.append(self._tasks)

    def number(self) -> int:
        """Counts, so that no name comes twice."""
        self._numbers += 1
        return self._numbers

    async def stop(self) -> None:
        """End cleanly: what was done is durable then."""
        self.cluster.loop.buried.append(
            self.cluster.loop.create_task(self._guarded(self._finish()), context=self._context)
        )
        while self.life.alive:  # whoever dies meanwhile finishes nothing
            await asyncio.sleep(0.1)

    async def _finish(self) -> None:
        for consumer in self._consumers():
            await consumer.revoke()
            consumer.group.leave(consumer.log.name)
        self.life.die()

    def _add(self, hop: Hop, engine: Engine) -> None:
        """A role with state."""
        consumer = self.stateful[hop] = Consumer(self, self.cluster.groups[hop.group], hop.state)
        self.processing[hop] = Processing(
            consumer.log, hop.log, hop.state, hop.maker(engine), self._outbox(consumer), self._token, CADENCE
        )
        consumer.role = self.processing[hop]

    def _consumers(self) -> list[Consumer]:
        return [self.ingest, *self.stateful.values()]

    def _token(self) -> str:
        return f"{self.name}.{self.number()}"

    def _outbox(self, consumer: Consumer) -> Outbox:
        return Outbox(consumer.log, UNACKNOWLEDGED_MAX, self._fail)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        if self.life.alive:
            if not isinstance(error, SendFailedError | TimeoutError | MadeAnewError):
                self.failure = error
            self.life.die()
