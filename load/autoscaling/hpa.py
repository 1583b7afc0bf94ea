"""What a HorizontalPodAutoscaler makes of a metric, with the defaults of Kubernetes."""

from collections import deque
from math import ceil

TOLERANCE = 0.1
"""A ratio of metric to target so near to one changes nothing."""

STABILISATION_MINUTES = 5
"""Never fewer than the most that was recommended in this time."""


class Hpa:
    """One autoscaler: tolerance, then stabilisation of scaling in, then bounds.

    The policies of how fast to scale are left out: by default an HPA may double every quarter of a minute.
    """

    def __init__(self, least: int, most: int, stabilisation_minutes: int = STABILISATION_MINUTES) -> None:
        self._bounds = least, most
        self._recommended: deque[int] = deque(maxlen=stabilisation_minutes)

    def of_total(self, total: float | None, target: float, current: int) -> int:
        """Replicas for a metric of type AverageValue: a total, and how much of it a replica should have.

        None, no value, leaves all as it is.
        """
        if total is None:
            return self._held(current)
        return self._held(current if _tolerated(total / (target * current)) else ceil(total / target - 1e-9))

    def of_utilisation(self, utilisation: float, target: float, ready: int, current: int) -> int:
        """Replicas for a share of what the ready ones can do, as that of a processor; both from 0 to 1.

        Those that are not ready yet count as idle when more are asked for, so that they are not asked for twice.
        """
        ratio = utilisation / target
        counted = ready if ratio <= 1.0 else current
        if ratio > 1.0:
            ratio = utilisation * ready / current / target
            if ratio < 1.0:
                return self._held(current)
        return self._held(current if _tolerated(ratio) else ceil(ratio * counted - 1e-9))

    def _held(self, recommended: int) -> int:
        least, most = self._bounds
        self._recommended.append(recommended)
        return min(max(max(self._recommended), least), most)


def _tolerated(ratio: float) -> bool:
    return abs(ratio - 1.0) <= TOLERANCE
