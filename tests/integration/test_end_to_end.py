"""The whole engine on a broker: what it publishes is what a backtest of the same recording says, whatever happens."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from rich.console import Console

from load.brokers.apache import ApacheKafka
from load.generate.fleet import Fleet, generate_fleet
from load.generate.signal import ENTITY_LABELS
from load.generate.spec import FleetSpec
from load.recordings.write import write_recording
from load.verify.compare import Comparison, Prediction, compare
from load.verify.hostile import hostile_messages
from load.verify.live import LiveResult, LiveRun, run_live
from load.verify.verify import expected_predictions
from streams.checkpoint import restore
from streams.settings.model import Settings
from streams.topics import topic_plan
from tests.contract import complaints
from tests.integration.topic_io import everything, latest_by_key

# Whole days are played, several times over: not a bar, only what a slow machine may take.
pytestmark = pytest.mark.timeout(900)

PARTITIONS = 4
CONFIG = f"""
topics: {{partitions: {PARTITIONS}}}
sources:
  - {{topic: telemetry, entity: [{", ".join(sorted(ENTITY_LABELS))}], step: 1m}}
capacity:
  - {{name: volume, metric: volume_used_bytes, limit: {{metric: volume_capacity_bytes}}}}
  - {{name: memory, metric: memory_used_bytes, limit: {{metric: memory_total_bytes}}}}
failures:
  - {{name: errors, metric: error_rate, above: 0.05, for: 5m, within: 1h}}
"""


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return generate_fleet(FleetSpec(seed=3, hosts=4, services=3, volumes=3, days=1.2))


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("end-to-end") / "foreshock.yaml"
    path.write_text(CONFIG)
    return path


@pytest.fixture(scope="module")
def expected(fleet: Fleet, config: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Prediction]:
    recording = tmp_path_factory.mktemp("recording") / "fleet.parquet"
    write_recording(recording, fleet.tables(100_000), fleet.labels())
    return expected_predictions(recording, config, [])


def live(kafka: ApacheKafka, config: Path, fleet: Fleet, prefix: str, **how: Any) -> LiveResult:
    run = LiveRun(
        client={"bootstrap_servers": kafka.bootstrap_servers},
        config=config,
        prefix=prefix,
        topic=f"{prefix}-telemetry",
        partitions=PARTITIONS,
        entity_labels=frozenset(ENTITY_LABELS),
        speed=None,
    )
    return asyncio.run(run_live(replace(run, **how), fleet, Console(quiet=True)))


def check(comparison: Comparison) -> None:
    assert not comparison.differences, comparison.differences[:3]
    assert all(count > 0 for count in comparison.found.values()), comparison.found


@pytest.mark.parametrize(
    ("speed", "fetch_bytes", "batch"),
    [(None, 4096, 1), (None, 1 << 16, 60)],
)
def test_live_predictions_are_those_of_a_backtest(
    kafka: ApacheKafka,
    config: Path,
    fleet: Fleet,
    expected: list[Prediction],
    topic_prefix: str,
    speed: float | None,
    fetch_bytes: int,
    batch: int,
) -> None:
    result = live(kafka, config, fleet, topic_prefix, speed=speed, fetch_bytes=fetch_bytes, batch=batch)
    comparison = compare(expected, result.predictions)
    check(comparison)
    assert comparison.duplicates == 0


def test_killed_workers_end_in_the_undisturbed_state(
    kafka: ApacheKafka, config: Path, fleet: Fleet, expected: list[Prediction], topic_prefix: str
) -> None:
    undisturbed = live(kafka, config, fleet, f"{topic_prefix}-a")
    killed = live(kafka, config, fleet, f"{topic_prefix}-b", speed=6_000.0, kills=3)
    assert killed.kills == 3
    check(compare(undisturbed.predictions, killed.predictions))
    check(compare(expected, killed.predictions))
    assert asyncio.run(states(kafka, f"{topic_prefix}-b")) == asyncio.run(states(kafka, f"{topic_prefix}-a"))


def test_hostile_messages_change_nothing_but_the_rejects(
    kafka: ApacheKafka, config: Path, fleet: Fleet, expected: list[Prediction], topic_prefix: str
) -> None:
    aimed_at = fleet.series[0]
    hostile = hostile_messages(1_000, aimed_at.metric, dict(aimed_at.labels))
    result = live(kafka, config, fleet, topic_prefix, speed=6_000.0, hostile=hostile)
    check(compare(expected, result.predictions))
    assert not asyncio.run(broken_promises(kafka, topic_prefix))
    assert len(result.hostile) == 1_000
    assert result.hostile <= result.rejected
    assert len(result.reasons) >= 10, result.reasons


async def broken_promises(kafka: ApacheKafka, prefix: str) -> list[str]:
    """What is wrong with the records on the topics of a run, by the published contract."""
    settings = Settings.model_validate({"topics": {"prefix": prefix}, "sources": [{"topic": "telemetry"}]})
    ours = [spec.name for spec in topic_plan(settings) if spec.name.startswith(f"{prefix}.")]
    found = []
    for topic in [name for name in ours if name != settings.topics.events]:
        records = [record async for record in everything(kafka.bootstrap_servers, topic)]
        assert records or topic == settings.topics.anomalies, topic
        for key, value, headers in records:
            found += complaints(key.decode(), value, headers)
    return found


async def states(kafka: ApacheKafka, prefix: str) -> list[dict[str, bytes]]:
    """The durable state of every partition, without what depends on how the log was cut into records, as signals do."""
    found = []
    for partition in range(PARTITIONS):
        records = await latest_by_key(kafka.bootstrap_servers, f"{prefix}-forecast-state-changelog", partition)
        restored = restore(records)
        assert restored is not None
        head = orjson.loads(restored.sections["head"])
        del head["next_offset"], head["signals"]
        # The runs' topics have ids of their own.
        head["sources"] = [[topic, *marks] for topic, _, *marks in head["sources"]]
        # The same telemetry under another topic's name, as the runs differ in their prefix.
        text = orjson.dumps(head, option=orjson.OPT_SORT_KEYS).replace(prefix.encode(), b"")
        sections = {name: section for name, section in restored.sections.items() if not name.startswith("told/")}
        plain = {name: section.replace(prefix.encode(), b"") for name, section in sections.items()}
        found.append(plain | {"head": text})
    return found
