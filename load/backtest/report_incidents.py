"""The report's part on incidents: the newest, and what the members did when."""

from collections.abc import Iterator
from typing import Any

from load.backtest.episodes import incidents_of
from load.backtest.evidence import Evidence
from load.backtest.incident_charts import MEMBERS_MAX, incident_chart
from load.backtest.labels import Label
from load.backtest.page import figures, key, table
from load.backtest.report_texts import count, minute
from streams.series import parse_series
from streams.settings.instants import format_instant

ROWS_SHOWN = 12
DRAWN = 6


def incidents_part(evidence: Evidence) -> Iterator[str]:
    """Nothing where there were none."""
    incidents = incidents_of(evidence.out)
    if not incidents:
        return
    yield "<h2>What happened?</h2>"
    yield f'<p class="quiet">{count(len(incidents), "incident")}. The newest:</p>'
    heads = ["likeliest cause", "opened", "closed", "members"]
    yield table(heads, [_row(one) for one in incidents[: -ROWS_SHOWN - 1 : -1]])
    yield (
        '<p class="quiet">The largest. Members from top to bottom by how likely they are the cause, '
        f"{key('forecast')}the first, {key('pale')}others, hollow where only predicted; told at the dotted line; "
        f"{key('other-5', 25)}what is known to have happened to them.</p>"
    )
    largest = sorted(incidents, key=lambda one: (-len(one["members"]), one["opened_at_ms"], one["id"]))[:DRAWN]
    yield figures([(_when(one), one["text"], incident_chart(one, _known(one, evidence))) for one in largest])


def _known(incident: dict[str, Any], evidence: Evidence) -> list[list[Label]]:
    """The labels of each of the first members."""
    entities = [frozenset(parse_series("m" + member["entity"]).labels) for member in incident["members"][:MEMBERS_MAX]]
    return [[label for label in evidence.labels if label.is_of_entity(entity)] for entity in entities]


def _row(one: dict[str, Any]) -> list[str]:
    members = len(one["members"]) + one["members_beyond"]
    closed = "open" if one["closed_at_ms"] is None else minute(format_instant(one["closed_at_ms"]))
    return [one["members"][0]["entity"], minute(format_instant(one["opened_at_ms"])), closed, f"{members:,}"]


def _when(one: dict[str, Any]) -> str:
    return f"{minute(format_instant(one['opened_at_ms']))}, {one['members'][0]['entity']} first"
