"""The public names, spelled out: changing one breaks those who subscribe."""

from streams.schema import RecordKind, event_type, topic_name


def test_topics_and_types() -> None:
    assert {kind.value: (topic_name("foreshock", kind), event_type(kind)) for kind in RecordKind} == {
        "samples": ("foreshock.samples", "dev.foreshock.samples.v1"),
        "event": ("foreshock.events", "dev.foreshock.event.v1"),
        "forecast": ("foreshock.forecasts", "dev.foreshock.forecast.v1"),
        "capacity": ("foreshock.capacity", "dev.foreshock.capacity.v1"),
        "anomaly": ("foreshock.anomalies", "dev.foreshock.anomaly.v1"),
        "incident": ("foreshock.incidents", "dev.foreshock.incident.v1"),
        "signals": ("foreshock.signals", "dev.foreshock.signals.v1"),
        "silence": ("foreshock.samples", "dev.foreshock.silence.v1"),
        "quality": ("foreshock.quality", "dev.foreshock.quality.v1"),
        "failure": ("foreshock.failures", "dev.foreshock.failure.v1"),
        "hazard_quality": ("foreshock.quality", "dev.foreshock.hazard_quality.v1"),
        "objective_quality": ("foreshock.quality", "dev.foreshock.objective_quality.v1"),
        "failure_quality": ("foreshock.quality", "dev.foreshock.failure_quality.v1"),
        "hazard": ("foreshock.failures", "dev.foreshock.hazard.v1"),
        "objective": ("foreshock.failures", "dev.foreshock.objective.v1"),
        "reject": ("foreshock.rejects", "dev.foreshock.reject.v1"),
    }
