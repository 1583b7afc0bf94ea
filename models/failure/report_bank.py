"""Members of objectives: the round that each reported in last, and what its events are parts of."""

from models.failure import rounds
from models.layout import Field, SlotBank

LAYOUT = (
    *rounds.OF_MEMBER,
    Field("of_bad", "f8", (), 0.0, "-", "what one of its events adds to the bad ones"),
    Field("of_all", "f8", (), 0.0, "-", "what one of its events adds to all"),
)


class ReportBank(SlotBank):
    """Reports of `capacity` series."""

    def __init__(self, capacity: int) -> None:
        super().__init__(LAYOUT, capacity)
