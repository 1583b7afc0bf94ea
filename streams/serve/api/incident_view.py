"""An incident as somebody may see it, and how it went."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from streams.series import parse_series
from streams.serve.board.directory import Pair, labels_have

ID_BYTES = 12


def visible(incident: dict[str, Any], labels: tuple[Pair, ...]) -> dict[str, Any] | None:
    """The incident with the members that have these labels; None where there is none.

    An incident's id and its text name members, too: where one is hidden, the id is a hash, and the text says less.
    """
    members = [one for one in incident["members"] if labels_have(parse_series(one["entity"]).labels, labels)]
    if not labels:
        return incident
    if not members:
        return None
    if len(members) == len(incident["members"]) and not incident["members_beyond"]:
        return incident
    return {
        **incident,
        "id": hidden_id(incident["id"]),
        "members": [{**one, "rank": rank} for rank, one in enumerate(members, start=1)],
        "members_beyond": 0,
        "text": f"Of what you may see: {', '.join([one['entity'] for one in members])}.",
    }


def hidden_id(incident_id: str) -> str:
    """The name of an incident for those who may not see all of it."""
    return blake2b(incident_id.encode(), digest_size=ID_BYTES).hexdigest()


def timeline(incident: dict[str, Any]) -> list[dict[str, Any]]:
    """What happened when, of what the newest record says."""
    moments = [{"at_ms": incident["opened_at_ms"], "what": "opened", "entity": None}]
    for member in incident["members"]:
        moments += _of_member(member)
    if incident["closed_at_ms"] is not None:
        what = f"closed: {incident['reason']}"
        moments.append({"at_ms": incident["closed_at_ms"], "what": what, "entity": None})
    return in_order(moments)


def in_order(moments: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Moments by their time; those of one time as they are."""
    return sorted(moments, key=lambda moment: moment["at_ms"])


def _of_member(member: dict[str, Any]) -> Iterable[dict[str, Any]]:
    what = "is predicted to be struck" if member["predicted"] else "is struck"
    yield {"at_ms": member["since_ms"], "what": what, "entity": member["entity"]}
    if member["last_ms"] > member["since_ms"]:
        yield {"at_ms": member["last_ms"], "what": "gave its last sign", "entity": member["entity"]}
