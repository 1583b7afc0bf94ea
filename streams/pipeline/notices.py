"""Predictions and anomalies that are worth telling of in an incident, as notices.

A prediction's holds as long as the record that says so, an anomaly's for an hour or until the anomaly is over. Of what
an event suppresses there is none.
"""

from math import isfinite

from models.capacity.bank import CapacityPrediction
from models.capacity.horizons import H1
from models.failure.bank import FailurePrediction
from streams.outputs.anomalies import Episode
from streams.outputs.subject import Subject
from streams.schema import AnomalyKind, EpisodeState, RecordKind
from streams.settings.durations import HOUR_MS
from streams.settings.rules import CapacityRule, FailureRule
from streams.signals import Notice

LIKELY = 0.5
"""A prediction that is more likely than not."""

ANOMALY_HOLDS_MS = HOUR_MS


def failure_notice(subject: Subject, rule: FailureRule, predicted: FailurePrediction, place: int) -> Notice | None:
    """That a rule is broken, or more likely than not will be."""
    p = float(predicted.p[place])
    if predicted.breaking[place]:
        return _notice(subject, RecordKind.FAILURE, rule.name, 1.0, f"rule {rule.name} is broken", predicted=False)
    if predicted.is_prior[place] or p < LIKELY:
        return None
    text = f"rule {rule.name} is broken soon with probability {p:.2f}"
    return _notice(subject, RecordKind.FAILURE, rule.name, p, text, predicted=True)


def capacity_notice(subject: Subject, rule: CapacityRule, predicted: CapacityPrediction, place: int) -> Notice | None:
    """That a limit is reached, or more likely than not will be within an hour."""
    if predicted.gap[place] <= 0.0:
        text = f"the limit of rule {rule.name} is reached"
        return _notice(subject, RecordKind.CAPACITY, rule.name, 1.0, text, predicted=False)
    p = float(predicted.within[place, H1])
    if p < LIKELY:
        return None
    text = f"the limit of rule {rule.name} is reached within an hour with probability {p:.2f}"
    return _notice(subject, RecordKind.CAPACITY, rule.name, p, text, predicted=True)


def anomaly_notice(subject: Subject, episode: Episode, at_ms: int) -> Notice | None:
    """That something about a series is strange, or is so no longer."""
    text = _what_is_strange(episode)
    notice = _notice(subject, RecordKind.ANOMALY, episode.anomaly, episode.score, text, predicted=False)
    until_ms = at_ms if episode.state is EpisodeState.CLOSED else at_ms + ANOMALY_HOLDS_MS
    return None if notice is None else notice._replace(at_ms=at_ms, until_ms=until_ms)


def _what_is_strange(episode: Episode) -> str:
    times = f"{episode.factor:.3g} times as" if isfinite(episode.factor) else "unusually"
    match episode.anomaly:
        case AnomalyKind.VALUE:
            return f"its value is unusual: {episode.value:.4g}"
        case AnomalyKind.LEVEL_SHIFT:
            return f"its level has shifted to {episode.value:.4g}"
        case AnomalyKind.VARIANCE:
            return f"it varies {times} widely"
        case AnomalyKind.FLAT_LINE:
            return f"it stays at {episode.value:.4g}"
        case AnomalyKind.MISSING:
            return "it has stopped reporting"
        case AnomalyKind.CADENCE:
            return f"its samples are {times} far apart"


def _notice(
    subject: Subject, kind: RecordKind, about: str, strength: float, text: str, *, predicted: bool
) -> Notice | None:
    if subject.suppressed:
        return None
    return Notice(
        scope="",
        entity=subject.entity,
        series=subject.name,
        kind=kind,
        about=about,
        at_ms=subject.last_sample_at_ms,
        until_ms=subject.expires_at_ms,
        strength=round(strength, 3),
        text=text,
        predicted=predicted,
    )
