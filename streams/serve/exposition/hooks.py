"""What parts of serve count for Prometheus, beside what the board says."""

from collections import Counter
from dataclasses import dataclass, field

from streams.metrics.durations import Durations


@dataclass
class Hooks:
    """Counts of this process.

    Attributes
    ----------
    requests
        Durations of requests to the API by route, as its pattern, and by class of the answer, such as 2xx.
    live_clients
        Who follows live at the moment.
    scaler_answers, scaler_refusals
        By scaler, and of refusals by reason.
    """

    requests: dict[tuple[str, str], Durations] = field(default_factory=dict)
    live_clients: int = 0
    scaler_answers: Counter[str] = field(default_factory=Counter)
    scaler_refusals: Counter[tuple[str, str]] = field(default_factory=Counter)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        place = (route, f"{status // 100}xx")
        if place not in self.requests:
            self.requests[place] = Durations()
        self.requests[place].observe(seconds)
