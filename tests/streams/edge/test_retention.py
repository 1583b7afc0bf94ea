"""Topics that would lose samples or state are refused, with what they have, what they need and what to do."""

import pytest

from streams.edge.retention import RETENTION_MIN_MS, replay_needs, unfit
from streams.settings.model import Settings

SAMPLES, STATE = "foreshock.samples", "foreshock-forecast-state-changelog"
HOUR_MS = 3_600_000


def settings(checkpoint_interval: str = "30s") -> Settings:
    return Settings.model_validate(
        {"sources": [{"topic": "telemetry"}], "worker": {"checkpoint_interval": checkpoint_interval}}
    )


@pytest.mark.parametrize(("age_ms", "retention_ms"), [(1_000, HOUR_MS), (900_000, HOUR_MS), (900_001, HOUR_MS + 4)])
def test_a_replay_needs_four_checkpoint_ages_and_an_hour(age_ms: int, retention_ms: int) -> None:
    assert replay_needs(age_ms).retention_ms == retention_ms


def test_bytes_are_those_of_four_ages_at_a_mebibyte_a_second() -> None:
    assert replay_needs(30_000).retention_bytes == 120 * 2**20


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"retention.ms": str(RETENTION_MIN_MS - 1)}, ["59m59s999ms", "needs 1h", "--add-config retention.ms=3600000"]),
        ({"retention.bytes": str(120 * 2**20 - 1)}, ["keeps 125829119 bytes", "need 125829120", "retention.bytes=-1"]),
        ({"cleanup.policy": "compact,delete"}, ["cleanup.policy=compact,delete", "--add-config cleanup.policy=delete"]),
    ],
)
def test_samples_that_would_be_lost_before_they_are_read(config: dict[str, str], words: list[str]) -> None:
    [problem] = unfit(settings(), {SAMPLES: config})
    assert problem.path == SAMPLES
    assert [word for word in words if word not in problem.message] == []


@pytest.mark.parametrize(
    ("config", "word"),
    [
        ({"cleanup.policy": "delete"}, "cleanup.policy=delete"),
        ({"cleanup.policy": "compact,delete"}, "cleanup.policy=compact,delete"),
        ({"max.message.bytes": "1000000"}, "messages of 1000000 bytes"),
    ],
)
def test_state_that_would_be_lost_or_refused(config: dict[str, str], word: str) -> None:
    [problem] = unfit(settings(), {STATE: config})
    assert (problem.path, word in problem.message) == (STATE, True)


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"retention.ms": "-1", "retention.bytes": "-1"},
        {"retention.ms": str(RETENTION_MIN_MS), "retention.bytes": str(120 * 2**20), "cleanup.policy": "delete"},
    ],
)
def test_samples_that_are_kept_long_enough(config: dict[str, str]) -> None:
    state = {"cleanup.policy": "compact", "max.message.bytes": "2097152", "retention.ms": "1"}
    assert list(unfit(settings(), {SAMPLES: config, STATE: state})) == []


def test_rare_checkpoints_need_more() -> None:
    [problem] = unfit(settings("1h"), {SAMPLES: {"retention.ms": str(4 * HOUR_MS - 1)}})
    assert "needs 4h" in problem.message
