"""What the doctor says, as lines for people."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from streams.doctor.entities import label_uses
from streams.doctor.examination import Examination
from streams.settings.durations import SECOND_MS, format_duration
from streams.settings.instants import format_instant
from streams.settings.limits import LimitSettings

METRICS_SHOWN = 30
LABELS_SHOWN = 8
NEAR_SHARE = 0.5
"""What takes so much of a limit is told."""


def report(found: Examination) -> list[str]:
    """Everything but the configuration."""
    sample = found.sample
    if not sample.messages:
        return [f"{sample.topic}: {sample.partitions} partitions, and no message: send some, and ask again"]
    return [
        *_topic(found),
        *_order(found),
        *_metrics(found),
        *_trial(found),
        *_near(found),
    ]


def _topic(found: Examination) -> Iterator[str]:
    sample, rows = found.sample, found.decoded
    yield f"{sample.topic}: {sample.partitions} partitions, {sample.messages_held:,} messages"
    span_s = _span_s([message.broker_ms for message in sample.messages])
    rate = f", {len(sample.messages) / span_s:,.1f} messages/s, {len(rows) / span_s:,.1f} samples/s" if span_s else ""
    yield f"looked at the newest {len(sample.messages):,} of them: {len(rows):,} samples{rate}"
    formats = [f"{count:,} {name}" for name, count in rows.formats.most_common()]
    yield f"formats: {', '.join(formats)}"
    if len(rows):
        first, last = int(rows.timestamp_ms.min()), int(rows.timestamp_ms.max())
        yield f"event time: {format_instant(first)} to {format_instant(last)}"


def _order(found: Examination) -> Iterator[str]:
    courses, entities, messages = found.courses, found.entities, found.sample.messages
    keyed = sum(message.key is not None for message in messages)
    keys = len({message.key for message in messages if message.key is not None})
    yield f"keys: {'none' if not keyed else f'{keys:,} different on {keyed / len(messages):.0%} of the messages'}"
    named = ", ".join(entities.labels) or "all labels"
    place = "each on one partition" if not entities.split else f"{entities.split:,} of them on several partitions"
    yield f"entities by {named}: {entities.entities:,}, {place}"
    steps = [f"{format_duration(step)} ({count:,} series)" for step, count in courses.steps_ms.most_common(5)]
    yield f"steps: {', '.join(steps) or 'not known: no series has three samples in it'}"
    yield f"delay from sample to message, median: {courses.delay_p50_ms / SECOND_MS:,.1f} s"
    late = f", at most {format_duration(courses.latest_ms)} behind" if courses.late_rows else ""
    yield f"out of order in their series: {courses.late_rows:,}{late}; twice: {courses.double_rows:,}"
    if courses.future_rows:
        yield f"from the future: {courses.future_rows:,} are newer than their message by over a minute"


def _metrics(found: Examination) -> Iterator[str]:
    series = found.decoded.series
    counts = Counter(key.metric for key in series)
    labels: defaultdict[str, set[str]] = defaultdict(set)
    for key in series:
        labels[key.metric].update(name for name, _ in key.labels)
    yield f"{len(series):,} series of {len(counts):,} metrics:"
    for metric, count in counts.most_common(METRICS_SHOWN):
        yield f"  {metric}: {count:,} series by {', '.join(sorted(labels[metric])[:LABELS_SHOWN]) or 'no label'}"
    if len(counts) > METRICS_SHOWN:
        yield f"  and {len(counts) - METRICS_SHOWN:,} more"
    for use in label_uses(series)[:LABELS_SHOWN]:
        yield f"  label {use.name}: on {use.series:,} series, {use.values:,} values of {use.metrics:.1f} metrics each"


def _trial(found: Examination) -> Iterator[str]:
    trial = found.trial
    yield f"with the configuration below: {trial.samples:,} samples taken"
    for one in trial.refused:
        yield f"  rejected: {one.rows:,} {one.reason}: {one.detail}"
    if not trial.refused:
        yield "  nothing rejected"


def _near(found: Examination) -> Iterator[str]:
    """Limits that the sample comes near."""
    limits, messages = LimitSettings(), found.sample.messages
    series = found.decoded.series
    largest = {
        "series_per_partition": (len(series), limits.series_per_partition),
        "message_bytes": (max(len(message.value or b"") for message in messages), limits.message_bytes),
        "labels_per_series": (max((len(key.labels) for key in series), default=0), limits.labels_per_series),
    }
    for name, (value, limit) in largest.items():
        if value > NEAR_SHARE * limit:
            yield f"near a limit: {value:,} of {limit:,} (limits.{name})"


def _span_s(instants_ms: list[int]) -> float:
    return (max(instants_ms) - min(instants_ms)) / SECOND_MS
