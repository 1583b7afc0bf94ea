"""History into a topic, on a broker; and that history and live samples make one log without a seam."""

from collections import Counter
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from load.brokers.broker import Broker
from load.cli.backfill import backfill_command
from load.cli.record import record
from load.cli.replay import replay
from load.generate.fleet import generate_fleet
from load.generate.signal import ENTITY_LABELS
from load.generate.spec import HOUR_MS, MINUTE_MS, FleetSpec
from load.recordings.recording import read_recording
from load.recordings.write import write_recording
from load.replay.catalogue import SeriesCatalogue
from load.replay.messages import Message, encoder_for
from streams.cli.errors import UserError
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord, OutputRecord
from streams.series import SeriesKey
from streams.settings.instants import format_instant
from streams.settings.model import Settings

SPEC = FleetSpec(seed=5, hosts=2, services=1, volumes=1, days=0.25)
MIDDLE = format_instant(SPEC.start_ms + 3 * HOUR_MS)
ENTITY = [word for label in sorted(ENTITY_LABELS) for word in ("--entity", label)]

Sample = tuple[SeriesKey, int, float]


def samples(path: Path) -> Counter[Sample]:
    return Counter(
        (table.series[place], time_ms, value)
        for table in read_recording(path)
        for place, time_ms, value in zip(
            table.index.tolist(), table.timestamp_ms.tolist(), table.value.tolist(), strict=True
        )
    )


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, fleet = tmp_path_factory.mktemp("backfill") / "fleet.parquet", generate_fleet(SPEC)
    write_recording(path, fleet.tables(100_000), fleet.labels())
    return path


def fill(broker: Broker, recording: Path, topic: str, *arguments: str) -> Result:
    to = ["--broker", broker.bootstrap_servers, "--topic", topic, "--create-topic", "--partitions", "3", *ENTITY]
    result = CliRunner().invoke(backfill_command, [str(recording), *to, *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def held(broker: Broker, topic: str, out: Path) -> Counter[Sample]:
    result = CliRunner().invoke(record, ["--broker", broker.bootstrap_servers, "--topic", topic, "--out", str(out)])
    assert result.exit_code == 0, result.output
    return samples(out)


def test_all_of_it_is_there_once_and_not_written_again(
    broker: Broker, topic_prefix: str, recording: Path, tmp_path: Path
) -> None:
    topic = f"{topic_prefix}-history"
    fill(broker, recording, topic)
    assert held(broker, topic, tmp_path / "held.parquet") == samples(recording)
    with pytest.raises(UserError, match="--resume"):
        fill(broker, recording, topic)


def test_one_that_ended_early_goes_on(broker: Broker, topic_prefix: str, recording: Path, tmp_path: Path) -> None:
    topic = f"{topic_prefix}-history"
    fill(broker, recording, topic, "--until", MIDDLE)
    fill(broker, recording, topic, "--resume")
    found, wanted = held(broker, topic, tmp_path / "held.parquet"), samples(recording)
    assert found.keys() == wanted.keys()
    twice = {time_ms for (_, time_ms, _), count in (found - wanted).items() if count}
    assert twice <= {SPEC.start_ms + 3 * HOUR_MS - MINUTE_MS}, "the last instant of each partition is sent again"


def test_what_is_live_has_to_begin_before_history_ends(broker: Broker, topic_prefix: str, recording: Path) -> None:
    topic, live = f"{topic_prefix}-history", f"{topic_prefix}-live"
    to = ["--broker", broker.bootstrap_servers, "--topic", live, "--create-topic", "--partitions", "2"]
    result = CliRunner().invoke(replay, [str(recording), *to, "--speed", "max", *ENTITY])
    assert result.exit_code == 0, result.output
    # The live topic has the whole recording: it begins with it.
    shown = fill(broker, recording, topic, "--live", live, "--until", MIDDLE).output
    assert f"{live} begins 3h before that" in shown
    with pytest.raises(UserError, match="would be a gap"):
        fill(
            broker,
            recording,
            f"{topic}-2",
            "--live",
            live,
            "--from",
            "2000-01-01T00:00:00Z",
            "--until",
            format_instant(SPEC.start_ms),
        )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--prometheus", "ftp://x", "--query", "up"], "no http"),
        (["--prometheus", "http://127.0.0.1:1"], "--query"),
        (["--prometheus", "http://127.0.0.1:1", "--query", "up", "--token-file", "/nowhere"], "--token-file"),
    ],
)
def test_what_can_not_be_asked_for(arguments: list[str], says: str) -> None:
    with pytest.raises(UserError, match=says):
        CliRunner().invoke(backfill_command, ["--topic", "t", *arguments], catch_exceptions=False)


def test_a_recording_or_a_server() -> None:
    assert CliRunner().invoke(backfill_command, ["--topic", "t"]).exit_code == 2


# The seam


def _messages(from_ms: int, until_ms: int) -> list[Message]:
    encoder = encoder_for(1, SeriesCatalogue(frozenset(ENTITY_LABELS), 1))
    every = [one for table in generate_fleet(SPEC).tables(5_000) for group in encoder.encode(table) for one in group]
    return [message for message in every if from_ms <= message.event_ms < until_ms]


def _published(*logs: tuple[str, list[Message]]) -> list[OutputRecord]:
    """What a worker says that reads these logs one after the other."""
    settings = Settings.model_validate(
        {
            "topics": {"partitions": 1},
            "sources": [{"topic": topic, "entity": sorted(ENTITY_LABELS), "step": "1m"} for topic in ("old", "live")],
            "forecast": {"horizon": 12},
        }
    )
    ingest, pipeline, offset = Ingest(settings), PartitionPipeline(PipelineConfig.from_settings(settings)), 0
    published: list[OutputRecord] = []
    for topic, messages in logs:
        fetched = [InputRecord(place, message.value) for place, message in enumerate(messages)]
        for start in range(0, len(fetched), 1000):
            blocks = ingest.step(topic, 0, fetched[start : start + 1000])
            published += pipeline.step([InputRecord(offset + place, one.value) for place, one in enumerate(blocks)])
            offset += len(blocks)
    return published


def test_history_and_live_that_overlap_are_as_one_log() -> None:
    """The procedure of the documents: history first, from before the first live sample to behind it."""
    live_from, history_until = SPEC.start_ms + 2 * HOUR_MS, SPEC.start_ms + 4 * HOUR_MS
    one = _published(("live", _messages(0, SPEC.end_ms)))
    two = _published(("old", _messages(0, history_until)), ("live", _messages(live_from, SPEC.end_ms)))
    forecasts = [
        [(record.key, record.value) for record in published if record.key.startswith(b"forecast|")]
        for published in (one, two)
    ]
    assert forecasts[0]
    assert sorted(forecasts[0]) == sorted(forecasts[1])
    reasons = Counter(
        orjson.loads(record.value)["reason"] for record in two if record.topic.endswith(".rejects") and record.value
    )
    overlap = len(_messages(live_from, history_until))
    assert reasons.keys() <= {"late", "same_step"}
    assert reasons.total() == overlap, "one of each two is refused"
