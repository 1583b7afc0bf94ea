"""Which series names are taken: those that can be written, read back and shown without harm."""

import re

from streams.codecs.faults import Fault
from streams.rejects import RejectReason
from streams.series import SeriesKey, series_name
from streams.settings.limits import LimitSettings

SHOWN_CHARS_MAX = 80

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_METRIC_STOPS = re.compile(r"[{}]")
_LABEL_STOPS = re.compile(r'[\s="{},]')


def name_of(key: SeriesKey, limits: LimitSettings) -> str | Fault:
    """The series' name as it is written everywhere, or why there is none."""
    if len(key.labels) > limits.labels_per_series:
        return Fault(
            RejectReason.TOO_MANY_LABELS,
            f"the series has {len(key.labels)} labels, at most {limits.labels_per_series} are taken "
            "(limits.labels_per_series)",
        )
    name = series_name(key)
    size_bytes = len(name.encode())
    if size_bytes > limits.name_bytes:
        return Fault(
            RejectReason.NAME_TOO_LONG,
            f"the name of the series with its labels has {size_bytes} bytes, at most {limits.name_bytes} are taken "
            f"(limits.name_bytes); it begins {_shown(name)}",
        )
    detail = _bad_name(key, name)
    return Fault(RejectReason.BAD_NAME, detail) if detail else name


def _bad_name(key: SeriesKey, name: str) -> str | None:
    """What is wrong with a name, if anything is. A line feed in a label's value is written escaped: it is fine."""
    if not key.metric or key.metric.isspace():
        return "the metric's name is empty"
    if _METRIC_STOPS.search(key.metric):
        return f"the metric's name {_shown(key.metric)} holds a brace, which begins or ends labels"
    for label, _ in key.labels:
        if not label or _LABEL_STOPS.search(label):
            return f"the label's name {_shown(label)} is empty or holds a space or one of = \" {{ }} ,"
    control = _CONTROL.search(name)
    if control:
        return f"the series' name holds the control character {control.group()!r}: {_shown(name)}"
    return None


def _shown(text: str) -> str:
    return repr(text[:SHOWN_CHARS_MAX]) + ("..." if len(text) > SHOWN_CHARS_MAX else "")
