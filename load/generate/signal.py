"""What a kind of thing in the fleet contributes: signals, and what happens to them."""

from dataclasses import dataclass, field

import numpy as np

from load.generate.spec import FleetSpec
from load.generate.truth import Truth
from load.recordings.table import FloatColumn
from streams.series import Labels, SeriesKey, entity_of, labels_of, labels_text

# Labels that name a thing; the entity labels to configure for a generated fleet.
ENTITY_LABELS = frozenset({"host", "service", "volume"})

TEAMS = ("edge", "shop", "data")
ZONES = ("eu-1a", "eu-1b", "eu-1c")


@dataclass(slots=True)
class Signals:
    """Series, their values [steps] each, and their truth."""

    series: list[SeriesKey] = field(default_factory=list)
    values: list[FloatColumn] = field(default_factory=list)
    truth: Truth = field(default_factory=Truth)

    def add(self, metric: str, labels: Labels, values: FloatColumn) -> SeriesKey:
        """Add a series."""
        key = SeriesKey(metric, labels)
        self.series.append(key)
        self.values.append(values)
        return key

    def extend(self, other: "Signals") -> None:
        """Take over another part of the fleet."""
        self.series.extend(other.series)
        self.values.extend(other.values)
        self.truth.extend(other.truth)


def labels_at(place: int, **names: str) -> Labels:
    """Labels of the thing at a place in the fleet: its names, and the team and zone that come round."""
    return labels_of({**names, "team": TEAMS[place % len(TEAMS)], "zone": ZONES[place // 2 % len(ZONES)]})


def entity_text(labels: Labels) -> str:
    """The entity that the labels belong to, as the engine writes it."""
    return labels_text(entity_of(labels, ENTITY_LABELS))


def own_rng(spec: FleetSpec, kind: int, place: int) -> np.random.Generator:
    """Randomness of one thing: a larger fleet of the same seed begins with the same things."""
    return np.random.default_rng([spec.seed, kind, place])
