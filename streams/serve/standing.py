"""How far reading has come: written by what reads, read by those who ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Standing:
    """Whether the board is worth asking.

    Attributes
    ----------
    waits_for
        Why it is not, as a sentence; None: it is.
    lag_records
        Of each topic the records that are left to read, once that is known.
    """

    waits_for: str | None = "its topics, which are read from their beginning"
    lag_records: Mapping[str, int] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Whether the topics were read to their ends, and reading goes on."""
        return self.waits_for is None
