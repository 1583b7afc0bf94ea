"""What the checker found."""

from collections.abc import Sequence
from dataclasses import dataclass, field

SHOWN_MAX = 5


@dataclass(slots=True)
class Verdict:
    """How much was compared, and what did not agree.

    `samples` is the number of source samples that ingest accepts; `again` how many rows lie on the samples topic a
    second time, which is allowed; `again_published` the same of predictions.
    """

    samples: int = 0
    records: int = 0
    predictions: int = 0
    lost: int = 0
    doubled: int = 0
    again: int = 0
    again_published: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether nothing is lost, doubled or different."""
        return not (self.lost or self.doubled or self.differences)

    def lines(self) -> Sequence[str]:
        """For people."""
        counts = (
            f"compared {self.samples:,} samples and {self.predictions:,} predictions in {self.records:,} records: "
            f"lost {self.lost:,}, doubled {self.doubled:,}"
        )
        repeated = f"sent again and skipped: {self.again:,} rows; published again: {self.again_published:,} predictions"
        shown = [f"DIFFERS {difference}" for difference in self.differences[:SHOWN_MAX]]
        more = len(self.differences) - len(shown)
        return [counts, repeated, *shown, *([f"and {more:,} more differences"] if more else [])]
