"""Runs of the toy engine, and what their ledgers say."""

from collections import Counter
from random import Random

from streams.runtime.log import Place
from tests.simulation.cluster import SAMPLES
from tests.simulation.hops import CORRELATE
from tests.simulation.run import Outcome, Run, Script
from tests.simulation.toy import PARTITIONS, ToyPipeline, toy_engine

MESSAGES = 90
SERIES = 12
SOURCE_PARTITIONS = 2


def script_of(seed: int) -> Script:
    """A script in which much goes wrong."""
    random = Random(f"script {seed}")
    return Script(
        seed,
        toy_engine,
        messages(random, MESSAGES),
        PARTITIONS,
        workers=random.choice([1, 2, 3]),
        rough=random.choice([0.0, 0.05, 0.2]),
        troubles=random.choice([4, 12, 30]),
        anew=random.choice([0, 0, 0, 2]),
    )


def messages(random: Random, number: int) -> dict[Place, list[bytes]]:
    """Names of series, on source partitions."""
    return {
        Place("telemetry", partition): [f"s{random.randrange(SERIES)}".encode() for _ in range(number)]
        for partition in range(SOURCE_PARTITIONS)
    }


def run_toys(script: Script) -> Outcome:
    """Run a script, and compare the ledgers with what was sent, and what was published with what follows from them."""
    outcome = Run(script).play()
    sent = outcome.sent
    if len(sent) + len(outcome.gone) != sum(map(len, script.sources.values())):
        outcome.problems.append(f"{len(sent)} and {len(outcome.gone)} messages, others than were to be sent")
    counted: Counter[str] = Counter()
    arrived: Counter[str] = Counter()
    passed_on: set[str] = set()
    due = {}
    for place, records in outcome.logs.items():
        calm = ToyPipeline()
        for output in calm.step(records):
            due[output.headers] = output.value
        rows = [row for rows in calm.ledger.values() for row in rows]
        if place.topic == SAMPLES:
            counted.update(rows)
            passed_on |= {f"samples/{place.partition}/{number}" for number in range(len(rows))}
        else:
            arrived.update(rows)
    if CORRELATE in script.hops and arrived != Counter(passed_on):
        outcome.problems.append(f"passed on {len(passed_on)} rows, {arrived.total()} of which were counted")
    said: dict[object, bytes | None] = {}
    for record in outcome.published:
        if said.setdefault(record.headers, record.value) != record.value:
            outcome.problems.append(f"{record.headers} was said twice, and not the same")
    if said != due:
        outcome.problems.append(f"published {len(said)} records, {len(due)} were due")
    # What was on a topic when it was deleted may have been ingested before, or may not.
    lost, doubled = sent - counted.keys(), [row for row, times in counted.items() if times > 1]
    if alien := counted.keys() - sent - outcome.gone:
        outcome.problems.append(f"counted {sorted(alien)}, which nobody sent")
    outcome.counts.update(compared=len(sent), lost=len(lost), doubled=len(doubled))
    if lost or doubled:
        outcome.problems.append(f"lost {sorted(lost)}, doubled {doubled}")
    return outcome
