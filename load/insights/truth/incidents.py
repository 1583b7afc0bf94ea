"""Incidents against those that really are: found, with the root first, and how many of nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from load.backtest.episodes import incidents_of
from load.generate.cases.cascades import KIND as CASCADE
from load.generate.fleet import Fleet
from load.generate.signal import entity_text
from load.generate.spec import DAY_MS, HOUR_MS, MINUTE_MS
from load.generate.truth import Incident
from streams.series import parse_series

SOON_MS = 5 * MINUTE_MS
SLACK_MS = 30 * MINUTE_MS
LEARNING_MS = 12 * HOUR_MS


class Trouble(NamedTuple):
    """A time in which something really is the matter with an entity."""

    entity: str
    start_ms: int
    end_ms: int


def incident_figures(fleet: Fleet, out: Path) -> Iterator[tuple[str, float]]:
    """Shares of the true incidents that were told of, soon, and with their root first; false ones a day."""
    since_ms = fleet.spec.start_ms + LEARNING_MS
    told = [one for one in incidents_of(out) if one["opened_at_ms"] >= since_ms and not one["predicted"]]
    truth = [one for one in fleet.truth.incidents if one.kind == CASCADE]
    matches = [(one, _match(one, told)) for one in truth]
    found = [(one, match) for one, match in matches if match is not None]
    yield "incident: found", len(found) / len(truth)
    soon = [match["opened_at_ms"] <= one.start_ms + SOON_MS for one, match in found]
    yield "incident: found within 5 min", sum(soon) / len(truth)
    if found:
        first = [match["members"][0]["entity"] == one.entity for one, match in found]
        yield "incident: root first, of those found", float(np.mean(first))
        third = [one.entity in [member["entity"] for member in match["members"][:3]] for one, match in found]
        yield "incident: root among the first three", float(np.mean(third))
    troubles = list(_troubles(fleet))
    false = [one for one in told if not any(_is_of(one, trouble) for trouble in troubles)]
    yield "incident: false ones a day", len(false) / ((fleet.spec.end_ms - since_ms) / DAY_MS)


def _match(truth: Incident, told: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The first incident that was told while this one went on and has one of its entities."""
    entities = {truth.entity, *truth.also}
    for one in told:
        if truth.start_ms <= one["opened_at_ms"] <= truth.end_ms + SLACK_MS and entities & _entities(one):
            return one
    return None


def _entities(incident: dict[str, Any]) -> set[str]:
    return {member["entity"] for member in incident["members"]}


def _is_of(incident: dict[str, Any], trouble: Trouble) -> bool:
    is_in_time = trouble.start_ms <= incident["opened_at_ms"] <= trouble.end_ms + SLACK_MS
    return is_in_time and trouble.entity in _entities(incident)


def _troubles(fleet: Fleet) -> Iterator[Trouble]:
    """All that may be told of without being false."""
    truth = fleet.truth
    for incident in truth.incidents:
        for entity in (incident.entity, *incident.also):
            yield Trouble(entity, incident.start_ms, incident.end_ms)
    for anomaly in truth.anomalies:
        yield Trouble(_entity_of(anomaly.series), anomaly.start_ms, anomaly.end_ms)
    for failure in truth.failures:
        yield Trouble(_entity_of(failure.series), failure.start_ms, failure.end_ms)
    for gap in truth.gaps:
        yield Trouble(gap.entity, gap.start_ms, gap.end_ms)
    for restart in truth.restarts:
        yield Trouble(restart.entity, restart.at_ms, restart.at_ms)
    for exhaustion in truth.exhaustions:
        yield Trouble(_entity_of(exhaustion.series), exhaustion.at_ms, exhaustion.at_ms + DAY_MS)


def _entity_of(series: str) -> str:
    return entity_text(parse_series(series).labels)
