"""How figures are distributed, as Prometheus' histograms have it."""

from typing import NamedTuple


class Distribution(NamedTuple):
    """Counts up to each bound, and beyond the last; and the sum of what was counted."""

    bounds: tuple[float, ...]
    counts: tuple[float, ...]
    total: float
