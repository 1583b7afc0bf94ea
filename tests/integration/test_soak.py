"""`foreshock soak`, for some seconds."""

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from load.brokers.apache import ApacheKafka
from load.cli.soak import soak


@pytest.mark.timeout(300)
def test_a_short_soak_tells_what_the_worker_takes(kafka: ApacheKafka, tmp_path: Path) -> None:
    assert kafka.pid  # Apache Kafka can run here; the soak has one of its own
    path = tmp_path / "soak.json"
    asked = ["--minutes", "0.4", "--rate", "500", "--series", "1000", "--json", str(path)]
    result = CliRunner().invoke(soak, asked, catch_exceptions=False)
    assert result.exit_code == 0
    assert "12,000 samples in" in result.output
    document = orjson.loads(path.read_bytes())
    assert [course["name"] for course in document["courses"]] == ["memory, MiB", "file descriptors", "threads"]
    assert len(document["footprints"]) >= 3
