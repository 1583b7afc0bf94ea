"""What must hold between the names in a configuration, wherever in the file they stand."""

from collections.abc import Iterator, Mapping

from streams.schema import RecordKind, topic_name
from streams.settings.errors import Problem

DEFAULT_PREFIX = "foreshock"

STATEFUL_ROLES = ("forecast", "correlate")


def name_problems(document: Mapping[str, object]) -> list[Problem]:
    """Names given twice, and sources that are our own output.

    Works on the file's plain form and overlooks what it can't read, so that these problems can be reported together
    with those that keep the file from being read further.
    """
    return [
        *_twice(document, "sources", "topic"),
        *_own_topics_as_sources(document),
        *_twice(document, "capacity", "name"),
        *_twice(document, "failures", "name"),
        *_twice(document, "hazards", "name"),
        *_twice(document, "objectives", "name"),
        *_twice(document, "calendar", "name"),
        *_twice(document, "scalers", "name"),
    ]


def state_topic_name(prefix: str, role: str) -> str:
    """The changelog topic of a role's table: Faust names it after the app's id and the table."""
    return f"{prefix}-{role}-state-changelog"


def _twice(document: Mapping[str, object], section: str, field: str) -> Iterator[Problem]:
    first_place: dict[str, str] = {}
    for place, name in _names(document, section, field):
        if name in first_place:
            yield Problem(place, f"{name!r} is already the {field} of {first_place[name]}")
        else:
            first_place[name] = place.rpartition(".")[0]


def _own_topics_as_sources(document: Mapping[str, object]) -> Iterator[Problem]:
    prefix = _prefix(document)
    own = {topic_name(prefix, kind) for kind in RecordKind}
    own |= {state_topic_name(prefix, role) for role in STATEFUL_ROLES}
    for place, name in _names(document, "sources", "topic"):
        if name in own:
            yield Problem(place, f"{name!r} is one of foreshock's own topics; telemetry comes on others")


def _prefix(document: Mapping[str, object]) -> str:
    topics = document.get("topics")
    prefix = topics.get("prefix") if isinstance(topics, Mapping) else None
    return prefix if isinstance(prefix, str) else DEFAULT_PREFIX


def _names(document: Mapping[str, object], section: str, field: str) -> Iterator[tuple[str, str]]:
    items = document.get(section)
    for place, item in enumerate(items if isinstance(items, list | tuple) else ()):
        name = item.get(field) if isinstance(item, Mapping) else None
        if isinstance(name, str):
            yield f"{section}[{place}].{field}", name
