"""From findings, which waver, to a severity, which does not: thresholds to enter and to leave, and hold times.

Time is event time: the findings' own. Replayed at another speed, alerts come and go at the same instants.
"""

from dataclasses import dataclass

from streams.serve.alerting.finding import Finding
from streams.serve.alerting.severity import Severity


@dataclass(frozen=True, slots=True)
class Hold:
    """How long a change must hold before it counts."""

    enter_after_ms: int = 0
    leave_after_ms: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with a key."""

    severity: Severity = Severity.NONE
    rising_since_ms: int | None = None
    falling_since_ms: int | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing would be lost by forgetting it."""
        return self.severity is Severity.NONE and self.rising_since_ms is None


IDLE = Standing()


def follow(standing: Standing, finding: Finding, hold: Hold) -> Standing:
    """How things stand after a finding that is no older than the ones before."""
    now, at_ms = standing.severity, finding.at_ms
    wanted = max(finding.enter, min(now, finding.stay))
    if finding.suppressed:
        wanted = min(wanted, now)
    if wanted > now:
        since_ms = at_ms if standing.rising_since_ms is None else standing.rising_since_ms
        if at_ms - since_ms >= hold.enter_after_ms:
            return Standing(wanted)
        return Standing(now, rising_since_ms=since_ms)
    if wanted < now:
        since_ms = at_ms if standing.falling_since_ms is None else standing.falling_since_ms
        if finding.is_over or at_ms - since_ms >= hold.leave_after_ms:
            return Standing(wanted)
        return Standing(now, falling_since_ms=since_ms)
    return Standing(now)
