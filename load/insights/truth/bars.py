"""The bars: what each figure of the generated fleet must keep to, a margin away from what was measured."""

from collections.abc import Mapping
from typing import NamedTuple


class Bar(NamedTuple):
    """A bound of a figure."""

    at_most: float | None = None
    at_least: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a figure keeps to it; NaN keeps to nothing."""
        over = self.at_most is None or value <= self.at_most
        return over and (self.at_least is None or value >= self.at_least)

    def __str__(self) -> str:
        return f"at most {self.at_most:g}" if self.at_most is not None else f"at least {self.at_least:g}"


BARS: Mapping[str, Bar] = {
    "capacity: Brier 24h": Bar(at_most=0.05),
    "capacity: Brier 24h of filling / base": Bar(at_most=0.25),
    # Leaks that are killed at their limit look like collections that stop just below it: no worse than the frequency.
    "capacity: Brier 24h of leak / base": Bar(at_most=1.1),
    "capacity: median error of ETA of filling 1-24 h": Bar(at_most=0.3),
    "capacity: median error of ETA of filling 24-96 h": Bar(at_most=0.2),
    "capacity: false alarms": Bar(at_most=0.06),
    "capacity: false alarms of nightly_files": Bar(at_most=0.02),
    "capacity: false alarms of gc_sawtooth": Bar(at_most=0.25),
    "capacity: false alarms of log_rotation": Bar(at_most=0.25),
    "capacity: false alarms of flattening": Bar(at_most=0.02),
    "capacity: false alarms of resized": Bar(at_most=0.02),
    "failure: Brier of suddenly / base": Bar(at_most=0.85),
    "failure: Brier of creeping / base": Bar(at_most=0.88),
    "failure: recall of creeping at 5 % flagged, 20 min ahead": Bar(at_least=0.15),
    "failure: mean probability of flickering": Bar(at_most=0.02),
    "objective: burns_fast alerted in time": Bar(at_least=0.6),
    "objective: burns_slow alerted in time": Bar(at_least=0.6),
    "objective: alerts per week of decoys": Bar(at_most=0.1),
    "objective: error of the budget left": Bar(at_most=0.01),
    "hazard: failures that stood out a day ahead": Bar(at_least=0.6),
    "hazard: with drivers named": Bar(at_least=0.6),
    "hazard: failures settled": Bar(at_least=1.0),
    "anomaly: recall": Bar(at_least=0.6),
    "anomaly: recall of spike": Bar(at_least=0.8),
    "anomaly: recall of level_shift": Bar(at_least=0.6),
    "anomaly: recall of variance": Bar(at_least=0.6),
    "anomaly: recall of flat_line as such": Bar(at_least=0.3),
    "anomaly: recall of stopped as such": Bar(at_least=0.8),
    "anomaly: recall of cadence as such": Bar(at_least=0.6),
    "anomaly: found ones with the right kind": Bar(at_least=0.65),
    "anomaly: precision": Bar(at_least=0.8),
    "anomaly: alarms per week of usual": Bar(at_most=0.5),
    "anomaly: alarms per week of constant": Bar(at_most=0.1),
    "anomaly: alarms per week of gc_sawtooth": Bar(at_most=0.5),
    "anomaly: alarms per week of cron_spike": Bar(at_most=0.7),
    "anomaly: alarms per week of deploy_step": Bar(at_most=0.75),
    "anomaly: alarms per week of decoys": Bar(at_most=1.0),
    "incident: found": Bar(at_least=0.6),
    "incident: root first, of those found": Bar(at_least=0.7),
    "incident: false ones a day": Bar(at_most=2.0),
}


def missed(figures: Mapping[str, float]) -> list[str]:
    """The bars that are not kept to, in words; a figure that is not there keeps to nothing."""
    values = {name: figures.get(name, float("nan")) for name in BARS}
    return [f"{name} is {values[name]:.3g}, must be {bar}" for name, bar in BARS.items() if not bar.holds(values[name])]
