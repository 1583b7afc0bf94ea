"""Incident records: entities that were struck together, the likeliest cause first.

The key is the incident; its newest record is what holds::

    {"v": 1, "kind": "incident", "id": "{}|1700000040000|{host=\\"a\\"}", "scope": "{}",
     "status": "open" | "updated" | "closed", "reason": "member", "update": 3, "predicted": false,
     "opened_at_ms": ..., "updated_at_ms": ..., "closed_at_ms": ... | null,
     "members": [{"entity": "{host=\\"a\\"}", "rank": 1, "score": 17.2, "since_ms": ..., "last_ms": ...,
                  "predicted": false, "series": [{"series": "cpu{...}", "deviation": 12.5}],
                  "notices": ["disk{...}: the limit of rule disk is reached"]}],
     "members_beyond": 0, "text": "..."}

Times are ends of minutes. No time of the clock is in it: a replay writes the same records again.
"""

import orjson

from streams.contract.records.incidents import IncidentFields, IncidentStatus, MemberFields
from streams.correlate.incident import Incident, IncidentUpdate, Member, Reason
from streams.outputs.envelope import headers
from streams.records import OutputRecord
from streams.schema import SCHEMA_VERSIONS, RecordKind, event_type
from streams.signals import MINUTE_MS

_STATUS: dict[Reason, IncidentStatus] = {Reason.OPENED: "open", Reason.QUIET: "closed", Reason.TOO_LONG: "closed"}
OTHERS_NAMED = 3


def incident_record(topic: str, minute: int, update: IncidentUpdate) -> OutputRecord:
    """An update of an incident at the end of a minute."""
    incident, now_ms = update.incident, _end_ms(minute)
    status = _STATUS.get(update.reason, "updated")
    fields: IncidentFields = {
        "v": SCHEMA_VERSIONS[RecordKind.INCIDENT],
        "kind": RecordKind.INCIDENT,
        "id": incident.id,
        "scope": incident.scope,
        "status": status,
        "reason": update.reason,
        "update": update.number,
        "predicted": incident.predicted,
        "opened_at_ms": _end_ms(incident.opened_minute),
        "updated_at_ms": now_ms,
        "closed_at_ms": now_ms if status == "closed" else None,
        "members": [_member(member, rank) for rank, member in enumerate(update.members, start=1)],
        "members_beyond": len(incident.beyond),
        "text": text_of(incident, update.members, status),
    }
    key = f"{RecordKind.INCIDENT}|{incident.id}"
    of_update = headers(event_type(RecordKind.INCIDENT), f"{key}|{update.number}")
    return OutputRecord(topic, None, key.encode(), orjson.dumps(fields), of_update)


def text_of(incident: Incident, members: list[Member], status: str) -> str:
    """The incident in a few sentences."""
    first, *others = members
    if incident.predicted:
        begin = f"Nothing has happened yet. {first.entity} comes first"
    elif status == "closed":
        begin = f"Over. The likeliest cause was {first.entity}"
    else:
        begin = f"The likeliest cause is {first.entity}"
    sentences = [f"{begin}: {_speech(first)}."]
    if others or incident.beyond:
        sentences.append(f"With it: {_others(others, len(incident.beyond))}.")
    return " ".join(sentences)


def _speech(member: Member) -> str:
    words = [
        f"{series} is {abs(far):.3g} deviations {'above' if far > 0 else 'below'} its usual place"
        for series, far in member.far.items()
    ]
    words += member.notices.values()
    return "; ".join(words) or "several of its metrics are somewhat out of their usual places"


def _others(others: list[Member], beyond: int) -> str:
    named = [member.entity + " (predicted)" * member.predicted for member in others[:OTHERS_NAMED]]
    more = len(others) - len(named) + beyond
    return ", ".join(named) + (f" and {more} more" if more else "")


def _member(member: Member, rank: int) -> MemberFields:
    return {
        "entity": member.entity,
        "rank": rank,
        "score": round(member.score, 3),
        "since_ms": _end_ms(member.since_minute),
        "last_ms": _end_ms(member.last_minute),
        "predicted": member.predicted,
        "series": [{"series": series, "deviation": far} for series, far in member.far.items()],
        "notices": list(member.notices.values()),
    }


def _end_ms(minute: int) -> int:
    return (minute + 1) * MINUTE_MS
