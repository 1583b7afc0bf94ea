"""The fields of a sample that the JSON codecs share: each reader gives the field's value, or the fault it has."""

from streams.codecs.faults import Fault, wrong_type
from streams.columns import Columns
from streams.series import Labels, SeriesKey, key_of

Sample = tuple[SeriesKey, int, float]
"""Series, timestamp in milliseconds, value."""


def columns_of_one(sample: Sample | Fault) -> Columns:
    """The columns of a message of one sample."""
    if type(sample) is Fault:
        return Columns(rejects=[sample.at(0)])
    series, time_ms, value = sample
    return Columns([series], [time_ms], [value], [0], [])


def metric_name(raw: object) -> str | Fault:
    return raw if type(raw) is str else wrong_type("metric", raw, "a string")


def are_metric_names(raws: list[object]) -> bool:
    """Whether all of them are names as they should be."""
    return set(map(type, raws)) == {str}


def label_pairs(raw: object) -> Labels | Fault:
    """Labels in canonical order; absent or null means none. Label values are strings and nothing else."""
    if raw is None:
        return ()
    if type(raw) is not dict:
        return wrong_type("labels", raw, "an object of strings")
    for name, text in raw.items():
        if type(text) is not str:
            return wrong_type(f"label {name[:100]!r}", text, "a string")
    return tuple(sorted(raw.items()))


def series_key(metric: object, labels: object) -> SeriesKey | Fault:
    if type(metric) is not str:
        return wrong_type("metric", metric, "a string")
    pairs = label_pairs(labels)
    return pairs if type(pairs) is Fault else key_of((metric, pairs))


def number(raw: object) -> float | Fault:
    """A JSON number. Strings aren't read as numbers: a sender that quotes them once will quote "n/a" some day."""
    if type(raw) is float:
        return raw
    if type(raw) is int:
        return float(raw)
    return wrong_type("value", raw, "a number")


def are_floats(raws: list[object]) -> bool:
    """Whether all of them are numbers that need no conversion."""
    return set(map(type, raws)) == {float}
