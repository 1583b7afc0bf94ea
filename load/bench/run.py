"""The bench: for each form of messages, fill a topic once, then let the contenders read it, in turn."""

import asyncio
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from uuid import uuid4

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from rich.console import Console

from load.bench.engine import read_engine
from load.bench.raw import read_raw
from load.bench.readings import Reading
from load.bench.report import FORMS, TITLES, Contender, Result, form_text
from load.bench.stock import read_stock
from load.bench.workload import ENTITY_LABEL, PARTITIONS, Workload
from load.cli.replay import Job, run_job
from streams.cli.errors import UserError

STOCK_MESSAGES_MAX = 150_000
"""Stock Faust would take minutes for a whole topic; its pace is the same from beginning to end."""


class ContenderFailedError(UserError):
    """The process of a contender ended badly, or the topic could not be filled."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What to measure on which broker, how many times."""

    bootstrap_servers: str
    workload: Workload
    contenders: Sequence[Contender]
    rounds: int
    console: Console

    def run(self) -> Iterator[Result]:
        """The results, as they come."""
        for per_message in FORMS:
            topic = f"foreshock-bench-{uuid4().hex[:8]}"
            try:
                yield from self._measure(topic, per_message)
            finally:
                self._clean_up(topic)

    def _clean_up(self, topic: str) -> None:
        try:
            asyncio.run(delete_topics(self.bootstrap_servers, topic))
        except KafkaError as error:
            self.console.print(
                f"can't delete topics {topic}*, if there are any: {error}", highlight=False, markup=False
            )

    def _measure(self, topic: str, per_message: int) -> Iterator[Result]:
        messages = self._fill(topic, per_message)
        readings: dict[Contender, list[Reading]] = {contender: [] for contender in self.contenders}
        for number in range(self.rounds):
            for contender, taken in readings.items():
                with self.console.status(f"round {number + 1}: {TITLES[contender]}, {form_text(per_message)}"):
                    taken.append(self._read(contender, topic, messages, number))
        yield from [Result(per_message, contender, taken) for contender, taken in readings.items()]

    def _fill(self, topic: str, per_message: int) -> int:
        """Write the workload to the topic; the messages written."""
        job = Job(
            client={"bootstrap_servers": self.bootstrap_servers},
            topic=topic,
            create_partitions=PARTITIONS,
            entity_labels=frozenset({ENTITY_LABEL}),
            batch=per_message,
            speed=None,
            limit=None,
        )
        with self.console.status(f"filling a topic, {form_text(per_message)}"):
            done = asyncio.run(run_job(self.workload, job, Console(quiet=True)))
        if done.failed:
            raise ContenderFailedError(f"the broker did not take the telemetry: {'; '.join(done.errors)}")
        return done.messages

    def _read(self, contender: Contender, topic: str, messages: int, number: int) -> Reading:
        if contender is Contender.FORESHOCK:
            return asyncio.run(read_engine(self.bootstrap_servers, topic, f"{topic}-{number}", self.workload))
        per_message = self.workload.samples / messages
        if contender is Contender.RAW:
            reading = in_own_process(read_raw, self.bootstrap_servers, topic, messages)
        else:
            group = f"{topic}-stock-{number}"
            reading = in_own_process(
                read_stock, self.bootstrap_servers, topic, group, min(messages, STOCK_MESSAGES_MAX)
            )
        return reading.of_samples(per_message)


def in_own_process(read: Callable[..., Reading], *arguments: object) -> Reading:
    """Take a reading in a fresh interpreter, in which nothing else runs."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            return pool.submit(read, *arguments).result()
        except BrokenProcessPool as error:
            raise ContenderFailedError(f"the process of {read.__name__} died") from error


async def delete_topics(bootstrap_servers: str, prefix: str) -> None:
    """Delete all topics whose names begin so."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        await admin.start()
        ours = [topic for topic in await admin.list_topics() if topic.startswith(prefix)]
        if ours:
            await admin.delete_topics(ours)
    finally:
        await admin.close()
