"""What the columns of a file mean.

Long: `timestamp`, `value`, maybe `metric`; every other column is a label. Wide: `timestamp`, and a column per series
named as `series_name` writes it. The three reserved names count in any case (`TimeStamp`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from load.recordings.errors import RecordingError
from streams.series import SeriesKey, parse_series, series_name

RESERVED = ("timestamp", "metric", "value")


@dataclass(frozen=True, slots=True)
class LongLayout:
    """A row per sample. `metric` None: all samples are of the metric `stem`."""

    timestamp: str
    value: str
    metric: str | None
    labels: tuple[str, ...]
    stem: str


@dataclass(frozen=True, slots=True)
class WideLayout:
    """A row per time; `columns` [k] and their `series` [k]."""

    timestamp: str
    columns: tuple[str, ...]
    series: tuple[SeriesKey, ...]


def layout_of(path: Path, names: Sequence[str], stem: str) -> LongLayout | WideLayout:
    """Tell the layout from the column names of a file."""
    _refuse_twice(path, names)
    reserved = _reserved_columns(path, names)
    timestamp = reserved.get("timestamp")
    if timestamp is None:
        shown = ", ".join([repr(name) for name in names[:8]]) + (", ..." if len(names) > 8 else "")
        raise RecordingError(
            path, "has no column 'timestamp'", f"its columns are {shown}: rename the one that holds time"
        )
    if "value" in reserved:
        labels = tuple([name for name in names if name not in reserved.values()])
        _refuse_bad_labels(path, labels)
        return LongLayout(timestamp, reserved["value"], reserved.get("metric"), labels, stem)
    return _wide(path, timestamp, [name for name in names if name != timestamp])


def series_of_column(name: str) -> SeriesKey:
    """The series a wide column holds; a name that can't be read as one is a bare metric name."""
    try:
        return parse_series(name)
    except ValueError:
        return SeriesKey(name, ())


def is_label_name(name: str) -> bool:
    """Whether a series with this label can be written and read back."""
    key = SeriesKey("metric", ((name, "value"),))
    try:
        return parse_series(series_name(key)) == key
    except ValueError:
        return False


def _wide(path: Path, timestamp: str, columns: list[str]) -> WideLayout:
    if not columns:
        raise RecordingError(path, "has no column beside the timestamp", "add a column per series, or 'value'")
    series = [series_of_column(name) for name in columns]
    if len(set(series)) < len(series):
        name = series_name(Counter(series).most_common(1)[0][0])
        raise RecordingError(path, f"has two columns for the series {name}", "drop or rename one of them")
    return WideLayout(timestamp, tuple(columns), tuple(series))


def _reserved_columns(path: Path, names: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        word = name.strip().lower()
        if word not in RESERVED:
            continue
        if word in found:
            raise RecordingError(path, f"has the columns {found[word]!r} and {name!r}", f"keep one as {word!r}")
        found[word] = name
    return found


def _refuse_twice(path: Path, names: Sequence[str]) -> None:
    if len(set(names)) < len(names):
        name = Counter(names).most_common(1)[0][0]
        raise RecordingError(path, f"has two columns named {name!r}", "drop or rename one of them")


def _refuse_bad_labels(path: Path, labels: Sequence[str]) -> None:
    for name in labels:
        if not is_label_name(name):
            hint = "with a column 'value' the others are labels: letters, digits and _ . - / only; rename or drop it"
            raise RecordingError(path, f"has the column {name!r}, which can't be a label", hint)
