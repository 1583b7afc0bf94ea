"""A small recovery on Apache Kafka, from the command line. No time is asserted."""

from pathlib import Path

import orjson
import pytest

from load.brokers.apache import ApacheKafka
from load.recovery.sizes import INTERVALS_MINUTES
from streams.cli.errors import ExitCode
from streams.cli.main import run

SMALL = ["--series", "200", "--partitions", "2", "--train-days", "1", "--replay-steps", "3"]


@pytest.mark.usefixtures("kafka")  # says so where Apache Kafka can't run
def test_a_small_fleet_recovers(tmp_path: Path) -> None:
    written = tmp_path / "recovery.json"
    assert run(["recovery", *SMALL, "--json", str(written)]) == ExitCode.OK
    found = orjson.loads(written.read_bytes())
    assert found["plan"]["series"] == 200
    check = found["check"]
    assert check == {
        "forecasts": 200,
        "forecasts_due": 200,
        "witnessed": 200,
        "differing": [],
        "uncommitted": 0,
        "is_right": True,
    }
    changelog = found["changelog"]
    assert changelog["bytes"] == found["raw"]["payload_bytes"] > 2 * 200 * 10_000, "both buffers"
    assert 0 < changelog["bytes_on_disk"] < changelog["bytes"]
    assert changelog["records"] == found["raw"]["records"]
    assert 0 < found["recovery"]["connected_s"] < found["recovery"]["loaded_s"] < found["recovery"]["done_s"]
    assert found["recovery"]["last_checkpoint_s"] > 0
    assert found["sections"].keys() >= {"head", "grid", "forecast", "manifest"}
    assert [each["minutes"] for each in found["intervals"]] == list(INTERVALS_MINUTES)


def test_the_broker_says_where_its_topics_lie(kafka: ApacheKafka) -> None:
    assert (kafka.data / "meta.properties").exists()
