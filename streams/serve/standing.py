"""How far reading has come: written by what reads, read by those who ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Standing:
    """Whether the board is worth asking.

    Attributes
    ----------
    caught_up
        The topics were read to their ends once: what the board says is whole.
    waits_for
        Why reading does not go on, as a sentence; None: it does.
    lag_records
        Of each topic the records that are left to read, once that is known.
    """

    caught_up: bool = True
    waits_for: str | None = None
    lag_records: Mapping[str, int] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Whether the board is whole, and kept up to date."""
        return self.caught_up and self.waits_for is None
