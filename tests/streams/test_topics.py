"""The plan of our topics."""

from streams.settings.model import Settings
from streams.topics import topic_plan

SETTINGS = Settings.model_validate(
    {
        "sources": [{"topic": "telemetry"}],
        "topics": {
            "prefix": "x",
            "partitions": 3,
            "replication_factor": 2,
            "samples_retention": "1d",
            "predictions_retention": "2d",
        },
    }
)


def test_names_and_configurations() -> None:
    predictions = {"cleanup.policy": "compact,delete", "retention.ms": "172800000"}
    state = {
        "cleanup.policy": "compact",
        "max.message.bytes": "2097152",
        "min.cleanable.dirty.ratio": "0.1",
        "segment.ms": "600000",
    }
    assert {spec.name: spec.configs for spec in topic_plan(SETTINGS)} == {
        "x.events": {"cleanup.policy": "delete", "retention.ms": "86400000"},
        "x.samples": {"cleanup.policy": "delete", "retention.ms": "86400000"},
        "x.forecasts": predictions,
        "x.capacity": predictions,
        "x.failures": predictions,
        "x.anomalies": predictions,
        "x.incidents": predictions,
        "x.quality": predictions,
        "x.rejects": {"cleanup.policy": "delete", "retention.ms": "172800000"},
        "x.signals": {"cleanup.policy": "delete", "retention.ms": "86400000"},
        "x-forecast-state-changelog": state,
        "x-correlate-state-changelog": state,
    }


def test_all_but_the_events_have_the_same_size() -> None:
    # The state's partitions follow the samples', for a table recovers the partition it is assigned.
    sizes = {spec.name: (spec.partitions, spec.replication_factor) for spec in topic_plan(SETTINGS)}
    assert sizes.pop("x.events") == (1, 2)
    assert set(sizes.values()) == {(3, 2)}
