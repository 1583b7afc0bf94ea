"""A recording into a topic and out of it again."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from load.brokers.broker import Broker
from load.cli.record import record
from load.cli.replay import replay
from load.generate.fleet import generate_fleet
from load.generate.spec import HOUR_MS, FleetSpec
from load.recordings.recording import read_recording
from load.recordings.write import write_recording
from streams.cli.errors import UserError
from streams.series import SeriesKey
from streams.settings.instants import format_instant

Sample = tuple[SeriesKey, int, float]
SPEC = FleetSpec(seed=5, hosts=2, services=1, volumes=1, days=0.25)


def samples(path: Path) -> list[Sample]:
    return sorted(
        (table.series[place], time_ms, value)
        for table in read_recording(path)
        for place, time_ms, value in zip(
            table.index.tolist(), table.timestamp_ms.tolist(), table.value.tolist(), strict=True
        )
    )


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, fleet = tmp_path_factory.mktemp("record") / "fleet.parquet", generate_fleet(SPEC)
    write_recording(path, fleet.tables(100_000), fleet.labels())
    return path


@pytest.fixture(scope="module")
def topic(broker: Broker, original: Path) -> list[str]:
    to = ["--broker", broker.bootstrap_servers, "--topic", "test-record-round-trip"]
    how = ["--speed", "max", "--create-topic", "--partitions", "2", "--entity", "host"]
    result = CliRunner().invoke(replay, [str(original), *to, *how])
    assert result.exit_code == 0, result.output
    return to


@pytest.mark.parametrize("suffix", [".parquet", ".csv.gz"])
def test_recorded_again_it_is_the_same(topic: list[str], original: Path, tmp_path: Path, suffix: str) -> None:
    again = tmp_path / f"again{suffix}"
    result = CliRunner().invoke(record, [*topic, "--out", str(again)])
    assert result.exit_code == 0, result.output
    assert samples(again) == samples(original)


def test_a_part_of_it(topic: list[str], original: Path, tmp_path: Path) -> None:
    part = tmp_path / "part.parquet"
    begin, end = SPEC.start_ms + HOUR_MS, SPEC.start_ms + 2 * HOUR_MS
    bounds = ["--from", format_instant(begin), "--until", format_instant(end)]
    result = CliRunner().invoke(record, [*topic, "--out", str(part), *bounds])
    assert result.exit_code == 0, result.output
    assert samples(part) == [one for one in samples(original) if begin <= one[1] < end]


def test_nothing_of_what_was_asked_for(topic: list[str], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no sample"):
        CliRunner().invoke(record, [*topic, "--out", str(tmp_path / "x.csv"), "--from", "+1h"], catch_exceptions=False)
    assert not (tmp_path / "x.csv").exists()
