"""What really happens in a generated fleet, for judging predictions. `load/README.md` documents the file."""

from dataclasses import asdict, dataclass, field
from typing import Any

TRUTH_VERSION = 1


@dataclass(frozen=True, slots=True)
class Exhaustion:
    """A series reaches the series that limits it. `at_ms` may lie beyond the recording."""

    series: str
    limit: str
    at_ms: int
    cause: str  # filling | leak


@dataclass(frozen=True, slots=True)
class Incident:
    """A span in which an entity serves badly; `also` names entities that show it too."""

    entity: str
    kind: str  # outage | error_burst
    start_ms: int
    end_ms: int
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leak:
    """Memory that grows at a steady rate and falls back at each restart."""

    series: str
    limit: str
    bytes_per_hour: float
    restarts_ms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Restart:
    """An entity starts again: its counters fall to zero."""

    entity: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Gap:
    """No samples of an entity from `start_ms` until before `end_ms`."""

    entity: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Decoy:
    """A series that looks like an exhaustion and is none."""

    series: str
    limit: str
    kind: str  # nightly_backup


@dataclass(frozen=True, slots=True)
class Truth:
    """All that happens."""

    exhaustions: list[Exhaustion] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)
    restarts: list[Restart] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    decoys: list[Decoy] = field(default_factory=list)

    def extend(self, other: "Truth") -> None:
        """Take over what happens elsewhere in the fleet."""
        for name in self.__slots__:
            getattr(self, name).extend(getattr(other, name))

    def as_json(self) -> dict[str, Any]:
        """The lists, as the file has them."""
        return asdict(self)
