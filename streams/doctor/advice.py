"""A configuration that would read the topic, with the reason for each choice beside it."""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from streams.doctor.courses import Courses, common_step_ms
from streams.doctor.decoding import EMPTY, UNKNOWN, UNREADABLE, Decoded
from streams.doctor.entities import Entities
from streams.doctor.rules import Candidate
from streams.doctor.sample import TopicSample
from streams.settings.durations import format_duration
from streams.settings.topics import PARTITIONS_DEFAULT

COPIES_MAX = 3
"""Copies that survive the loss of a broker while another one is down for maintenance."""

MET_SHARE = 0.5
"""A rule whose limit at least so many of its series find is proposed; others are shown as comments."""


def configuration(
    servers: Sequence[str],
    sample: TopicSample,
    decoded: Decoded,
    courses: Courses,
    entities: Entities,
    rules: Sequence[Candidate],
    percentages: Sequence[str],
) -> str:
    """The configuration as YAML, which `foreshock check` accepts."""
    lines = [
        "broker:",
        f"  bootstrap_servers: {_flow(list(servers))}",
        *_topics(sample),
        "sources:",
        f"  - topic: {_flow(sample.topic)}",
        *_codec(decoded),
        *_entity(entities),
        *_step(courses),
        *_kinds(courses),
        *_bounds(percentages),
        *_capacity(rules),
    ]
    return "\n".join(lines) + "\n"


def _topics(sample: TopicSample) -> Iterator[str]:
    copies = min(COPIES_MAX, sample.brokers)
    several = "" if sample.brokers == 1 else "s"
    yield "topics:"
    yield f"  partitions: {PARTITIONS_DEFAULT}                # can't be changed later: the most workers there can be"
    yield f"  replication_factor: {copies}        # the cluster has {sample.brokers} broker{several}"


def _codec(decoded: Decoded) -> Iterator[str]:
    known = [name for name in decoded.formats if name not in (UNREADABLE, EMPTY, UNKNOWN)]
    if len(known) == 1:
        share = decoded.formats[known[0]] / decoded.formats.total()
        yield f"    codec: {known[0]}                # {share:.0%} of the messages are in this format"
    else:
        yield f"    codec: auto                # formats found: {', '.join(sorted(known)) or 'none'}"


def _entity(entities: Entities) -> Iterator[str]:
    if entities.entities:
        each = entities.series / entities.entities
        yield f"    # {entities.entities} entities of {each:.1f} series each: what belongs together meets in one"
    yield f"    entity: {_flow(list(entities.labels))}"
    if entities.split:
        yield f"    # {entities.split} of them come on several partitions: key by entity, or replays may differ"


def _step(courses: Courses) -> Iterator[str]:
    step_ms = common_step_ms(courses)
    found = ", ".join(f"{format_duration(step)} of {count}" for step, count in courses.steps_ms.most_common(3))
    if step_ms is not None:
        of = courses.steps_ms[step_ms]
        yield f"    step: {format_duration(step_ms)}                   # of {of} series, nearly all that show one"
    elif found:
        yield f"    # step: left out, so that each series' own is found; series have {found}"
    else:
        yield "    # step: left out; no series has three samples in what was looked at"


def _kinds(courses: Courses) -> Iterator[str]:
    if courses.rising:
        yield "    # They only ever rose in what was looked at; take out what is no counter"
        yield f"    counters: {_flow(courses.rising)}"
    if courses.falling:
        yield "    # They are named like counters, and fall as gauges do"
        yield f"    gauges: {_flow(courses.falling)}"


def _bounds(percentages: Sequence[str]) -> Iterator[str]:
    if percentages:
        yield "    bounds:                    # between these lie all values that were looked at"
        yield from [f"      - {{metric: {_flow(metric)}, min: 0, max: 100}}" for metric in percentages]


def _capacity(rules: Sequence[Candidate]) -> Iterator[str]:
    good = [rule for rule in rules if rule.met >= MET_SHARE * rule.series]
    if good:
        yield "capacity:"
    for rule in good:
        yield f"  # {rule.met} of {rule.series} series have this limit"
        yield from _rule(rule)
    for rule in rules:
        if rule not in good:
            yield f"# no rule for {rule.metric}: {rule.met} of {rule.series} series find {rule.limit} in their entity"


def _rule(rule: Candidate) -> Iterator[str]:
    limit = {"metric" if isinstance(rule.limit, str) else "value": rule.limit}
    yield f"  - name: {_flow(rule.name)}"
    yield f"    metric: {_flow(rule.metric)}"
    yield f"    limit: {_flow(limit)}"
    if rule.direction == "down":
        yield "    direction: down"


def _flow(value: Any) -> str:
    """A value on one line: JSON is YAML."""
    return orjson.dumps(value).decode()
