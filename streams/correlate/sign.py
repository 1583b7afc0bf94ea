"""A sign: what one entity shows in one minute."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from streams.schema import RecordKind
from streams.signals import Notice


@dataclass(slots=True)
class Sign:
    """`score` is 0 where the entity is not unusual; `spoken` has the series that are far out."""

    entity: str
    score: float = 0.0
    spoken: dict[str, float] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)

    @property
    def predicted(self) -> bool:
        """Whether it is made of predictions alone."""
        return self.score == 0.0 and all(notice.predicted for notice in self.notices)

    @property
    def is_witness(self) -> bool:
        """Whether it is made of anomalies alone."""
        return self.score == 0.0 and all(notice.kind == RecordKind.ANOMALY for notice in self.notices)

    @property
    def strength(self) -> float:
        """Of its strongest notice."""
        return max([notice.strength for notice in self.notices], default=0.0)

    def names(self) -> Iterator[str]:
        """What to know its parts by in a later minute: the entity's score, and each notice."""
        if self.score:
            yield score_name(self.entity)
        for notice in self.notices:
            yield notice.name


def score_name(entity: str) -> str:
    """What to know an entity's unusual score by in a later minute."""
    return f"score|{entity}"
