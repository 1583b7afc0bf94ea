"""Every record of a whole run keeps the contract: a backtest of a generated fleet with all kinds of rules."""

from collections import Counter

import orjson
import pytest
import yaml
from click.testing import CliRunner

from load.cli.backtest import backtest
from load.generate.fleet import generate_fleet
from load.generate.signal import ENTITY_LABELS
from load.generate.spec import MINUTE_MS, FleetSpec
from load.recordings.write import write_recording
from streams.schema import RecordKind
from tests.contract import complaints

CONFIG = {
    "topics": {"partitions": 2},
    "sources": [{"topic": "telemetry", "entity": sorted(ENTITY_LABELS), "step": "2m"}],
    "capacity": [
        {"name": "volume", "metric": "volume_used_bytes", "limit": {"metric": "volume_capacity_bytes"}},
        # No series has such a limit: rejects.
        {"name": "memory", "metric": "process_memory_bytes", "limit": {"metric": "nowhere"}},
    ],
    "failures": [{"name": "errors", "metric": "error_rate", "above": 0.05, "for": "6m", "within": "1h"}],
    "objectives": [{"name": "served", "target": 99, "ratio": {"metric": "error_rate"}, "every": "30m"}],
    "hazards": [
        {"name": "host", "within": "6h", "signs": [{"metric": "cpu_usage_percent", "sign": "surprise", "weight": 1}]}
    ],
    "anomalies": [{"metric": "*", "alerts_per_week": 50}],
    "incidents": {"per_day": 48},
    "forecast": {"horizon": 12},
}

NOT_IN_A_BACKTEST = {RecordKind.SAMPLES, RecordKind.SILENCE, RecordKind.EVENT}
"""Inputs of the pipelines, which a backtest hands over without topics."""


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("contract")
    fleet = generate_fleet(FleetSpec(seed=3, hosts=4, services=4, volumes=2, days=2.0, step_ms=2 * MINUTE_MS))
    write_recording(folder / "fleet.parquet", fleet.tables(100_000), fleet.labels())
    (folder / "foreshock.yaml").write_text(yaml.safe_dump(CONFIG))
    start_ms = fleet.spec.start_ms
    event = {"id": "CHG-1", "kind": "maintenance", "start": start_ms, "end": start_ms + 60 * MINUTE_MS}
    (folder / "events.jsonl").write_bytes(orjson.dumps(event))
    out = folder / "out"
    arguments = ["--config", folder / "foreshock.yaml", "--events", folder / "events.jsonl", "--out", out, "--records"]
    result = CliRunner().invoke(backtest, [str(folder / "fleet.parquet"), *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return (out / "records.jsonl").read_bytes().splitlines()


def test_every_record_keeps_the_contract(lines: list[bytes]) -> None:
    seen: Counter[str] = Counter()
    for line in lines:
        record = orjson.loads(line)
        value = None if record["value"] is None else record["value"].encode()
        found = complaints(record["key"], value, record["headers"])
        assert not found, found
        seen[record["headers"]["ce_type"].split(".")[2]] += 1
    assert seen.keys() == set(RecordKind) - NOT_IN_A_BACKTEST, seen
