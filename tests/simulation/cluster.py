"""A simulated broker: logs that outlive every worker, groups with generations, and producers whose sends take time."""

import asyncio
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from streams.records import InputRecord, OutputRecord
from streams.runtime.log import Bounds, Committed, LogBounds, Place
from tests.simulation.loop import Life, SimulatedLoop

SAMPLES, STATE = "samples", "state"
SIGNALS, SIGNALS_STATE = "signals", "signals-state"
SESSION_S = 2.0
REBALANCE_S = 5.0


class SendFailedError(OSError):
    """A send that may or may not have become durable."""


class MadeAnewError(OSError):
    """A worker finds that a topic it reads is another one."""


@dataclass(slots=True)
class Weather:
    """How the network and the broker behave."""

    latency_s: float = 0.02
    failing: float = 0.0
    slow_topic: str | None = None


class Cluster:
    """The topics and the groups."""

    def __init__(self, loop: SimulatedLoop) -> None:
        self.loop = loop
        self.random = loop.random
        self.weather = Weather()
        self.logs: dict[Place, list[OutputRecord]] = {}
        self.gone: dict[tuple[Place, str], list[OutputRecord]] = {}
        """The logs of topics that were deleted, with their topics' ids."""
        self.lives: Counter[str] = Counter()
        self.groups: dict[str, Group] = {}

    def delay_s(self, topic: str = "") -> float:
        slow = 30 if topic == self.weather.slow_topic else 1
        return self.random.expovariate(1 / self.weather.latency_s) * slow

    async def pause(self) -> None:
        await asyncio.sleep(self.delay_s())

    def append(self, record: OutputRecord) -> None:
        assert record.partition is not None
        self.logs.setdefault(Place(record.topic, record.partition), []).append(record)

    def end(self, place: Place) -> int:
        return len(self.logs.get(place, []))

    def read(self, place: Place, offset: int, most: int) -> list[InputRecord]:
        records = self.logs.get(place, [])[offset : offset + most]
        return [InputRecord(offset + number, record.value) for number, record in enumerate(records)]

    def bounds(self, places: Mapping[Place, object]) -> Bounds:
        return {place: LogBounds(0, self.end(place), self.topic_id(place.topic)) for place in places}

    def topic_id(self, topic: str) -> str:
        return f"{topic}#{self.lives[topic]}"

    def make_anew(self, topic: str) -> None:
        """Delete a topic, and make it again; the group may forget its offsets, or may not have heard."""
        for place in [place for place in self.logs if place.topic == topic]:
            self.gone[place, self.topic_id(topic)] = self.logs.pop(place)
            for group in self.groups.values():
                if self.random.random() < 0.5:
                    group.committed.pop(place, None)
        self.lives[topic] += 1

    def latest(self, place: Place) -> dict[bytes, bytes]:
        """The newest value of each key of a compacted topic."""
        records: dict[bytes, bytes] = {}
        for record in self.logs.get(place, []):
            if record.value is None:
                records.pop(record.key, None)
            else:
                records[record.key] = record.value
        return records


@dataclass(slots=True)
class Member:
    """A worker in a group, as the group knows it."""

    life: Life
    inbox: "asyncio.Queue[Message]"
    heard_at_s: float


@dataclass(frozen=True, slots=True)
class Message:
    """What the group tells a member: that all partitions are revoked, or which it has now."""

    generation: int
    assigned: frozenset[Place] | None = None


@dataclass(slots=True)
class Group:
    """A consumer group: who is in it, who has which partition, and how far each was committed."""

    cluster: Cluster
    places: list[Place]
    generation: int = 0
    members: dict[str, Member] = field(default_factory=dict)
    assignment: dict[Place, str] = field(default_factory=dict)
    committed: dict[Place, Committed] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)
    is_rebalancing: bool = False
    rebalances: int = 0
    began_at_s: float = 0.0

    def join(self, name: str, member: Member) -> None:
        """A new member; it is given partitions after the rebalance that its coming sets off."""
        self.members[name] = member
        self.joined.add(name)
        self.rebalance()

    def leave(self, name: str) -> None:
        self.members.pop(name, None)
        self.joined.discard(name)
        self.rebalance()

    def hear(self, name: str) -> bool:
        """A heartbeat; False: the group has given the member up."""
        if name not in self.members:
            return False
        self.members[name].heard_at_s = self.cluster.loop.now_s
        return True

    def revoked(self, name: str) -> None:
        """A member has given its partitions back."""
        if name in self.members:
            self.joined.add(name)

    def rebalance(self) -> None:
        """Ask all members to give their partitions back."""
        if not self.is_rebalancing:
            self.is_rebalancing = True
            self.began_at_s = self.cluster.loop.now_s
            for name, member in self.members.items():
                if name not in self.joined:
                    member.inbox.put_nowait(Message(self.generation))

    def look(self) -> None:
        """Give up members that are silent; end a rebalance once all have joined, or have had time to."""
        now_s = self.cluster.loop.now_s
        silent = [name for name, member in self.members.items() if now_s - member.heard_at_s > SESSION_S]
        for name in silent:
            self.leave(name)
        if self.is_rebalancing:
            late = now_s - self.began_at_s > REBALANCE_S
            if late:
                for name in set(self.members) - self.joined:
                    del self.members[name]
            if late or self.joined >= set(self.members):
                self._assign()

    def commit(self, name: str, generation: int, offsets: Mapping[Place, Committed]) -> bool:
        """Take a commit from a member of this generation; it does not look at what the member has."""
        if name not in self.members or generation != self.generation:
            return False
        self.committed.update(offsets)
        return True

    def _assign(self) -> None:
        self.is_rebalancing = False
        self.rebalances += 1
        self.generation += 1
        names = sorted(self.members)
        self.joined.clear()
        shares: dict[str, set[Place]] = {name: set() for name in names}
        self.assignment = {place: self.cluster.random.choice(names) for place in self.places} if names else {}
        for place, name in self.assignment.items():
            shares[name].add(place)
        for name in names:
            self.members[name].inbox.put_nowait(Message(self.generation, frozenset(shares[name])))


class Producer:
    """A worker's sends: each takes a while, those to one partition stay in order, and after a failure none follows."""

    def __init__(self, cluster: Cluster, life: Life) -> None:
        self._cluster = cluster
        self._life = life
        self._pending: dict[Place, deque[tuple[OutputRecord, asyncio.Future[None]]]] = {}
        self._cut: set[Place] = set()

    async def send(self, record: OutputRecord) -> asyncio.Future[None]:
        if self._cluster.random.random() < 0.2:
            await self._cluster.pause()
        partition = 0 if record.partition is None else record.partition
        record, place = record._replace(partition=partition), Place(record.topic, partition)
        acknowledged = self._cluster.loop.create_future()
        self._pending.setdefault(place, deque()).append((record, acknowledged))
        self._cluster.loop.later(self._cluster.delay_s(place.topic), self._deliver, place)
        return acknowledged

    def _deliver(self, place: Place) -> None:
        random, loop = self._cluster.random, self._cluster.loop
        if self._life.asleep and random.random() < 0.7:
            loop.later(1.0, self._deliver, place)  # still in its own buffer
            return
        if not self._life.alive and random.random() < 0.3:
            self._cut.add(place)
        record, acknowledged = self._pending[place].popleft()
        if place in self._cut:
            if not acknowledged.done():
                acknowledged.set_exception(SendFailedError("not sent"))
            return
        fails = random.random() < self._cluster.weather.failing
        if fails:
            self._cut.add(place)
        if not fails or random.random() < 0.5:
            self._cluster.append(record)
            if place.topic in (STATE, SIGNALS_STATE):
                self._life.wrote()
        loop.later(self._cluster.delay_s(place.topic), self._acknowledge, acknowledged, fails)

    def _acknowledge(self, acknowledged: "asyncio.Future[None]", fails: bool) -> None:
        if acknowledged.done():
            return
        if fails:
            acknowledged.set_exception(SendFailedError("no answer"))
        else:
            acknowledged.set_result(None)
