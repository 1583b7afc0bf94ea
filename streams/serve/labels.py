"""Labels of series beside our own, as Prometheus and Alertmanager take them."""

import re
from collections.abc import Mapping

EXPORTED = "exported_"
"""Goes before a series' label that has one of our names, as Prometheus does with a target's."""

_NO_LABEL_CHARACTER = re.compile(r"[^a-zA-Z0-9_]")


def joined(own: Mapping[str, str], of_series: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Our labels and those of a series, sorted by name; none is lost, and those without a value are none."""
    labels = dict(own)
    for name, value in sorted(of_series.items()):
        place = _label_name(name)
        while place in labels:
            place = EXPORTED + place
        labels[place] = value
    return tuple(sorted((name, value) for name, value in labels.items() if value))


def _label_name(name: str) -> str:
    plain = _NO_LABEL_CHARACTER.sub("_", name)
    return f"_{plain}" if plain[:1].isdigit() else plain
