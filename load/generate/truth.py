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
    rule: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule is broken by a series: from `start_ms`, its first sample on the wrong side, until before `end_ms`."""

    series: str
    rule: str
    start_ms: int
    broken_ms: int  # The sample by which it has lasted as long as the rule says.
    end_ms: int


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A series does what it never did. What stays, such as a level, has an end by which it should be known."""

    series: str
    kind: str  # spike | dip | out_of_hours | level_shift | variance | flat_line | stopped | cadence
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Incident:
    """A span in which an entity serves badly; `also` names entities that show it too, in the order of their onset."""

    entity: str
    kind: str  # outage | error_burst | cascade | worn_out
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
    """A false friend: a series that looks like trouble to one of the insights, and is none."""

    series: str
    limit: str | None
    kind: str
    insight: str = "capacity"  # capacity | failure | anomaly | incident | objective | hazard


@dataclass(frozen=True, slots=True)
class Deploy:
    """Something that people would tell of, as `foreshock event` has it."""

    id: str
    start_ms: int
    end_ms: int
    labels: dict[str, str]


@dataclass(frozen=True, slots=True)
class Burn:
    """An entity spends its error budget, so that an alert is due while it does."""

    entity: str
    objective: str
    kind: str  # burns_fast | burns_slow
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Call:
    """A service calls another one: what is the matter with the second shows in the first."""

    caller: str
    callee: str


@dataclass(frozen=True, slots=True)
class Truth:
    """All that happens."""

    exhaustions: list[Exhaustion] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    anomalies: list[Anomaly] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)
    restarts: list[Restart] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    decoys: list[Decoy] = field(default_factory=list)
    deploys: list[Deploy] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    burns: list[Burn] = field(default_factory=list)

    def extend(self, other: "Truth") -> None:
        """Take over what happens elsewhere in the fleet."""
        for name in self.__slots__:
            getattr(self, name).extend(getattr(other, name))

    def as_json(self) -> dict[str, Any]:
        """The lists, as the file has them."""
        return asdict(self)
