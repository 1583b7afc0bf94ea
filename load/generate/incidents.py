"""The incidents of a fleet: when services fail, and where."""

from dataclasses import dataclass

from load.generate.spec import HOUR_MS, MINUTE_MS, FleetSpec

OUTAGE_AT = 0.6  # Of the recording's span.
OUTAGE_MS = 30 * MINUTE_MS
BURST_MS = (10 * MINUTE_MS, 20 * MINUTE_MS)
BURST_EVERY_MS = (3 * HOUR_MS, 5 * HOUR_MS)

# Places in the list of services; in a small fleet one service plays several parts.
BURSTING_SERVICE = 0
LEAKING_SERVICE = 1
FAILING_SERVICE = 2


@dataclass(frozen=True, slots=True)
class Outage:
    """The one long incident: a service and the host it runs on, by their places."""

    service: int
    host: int
    start_ms: int
    end_ms: int


def outage_of(spec: FleetSpec) -> Outage:
    """The fleet's outage."""
    service = FAILING_SERVICE % spec.services
    start_ms = spec.at(OUTAGE_AT)
    return Outage(service, service % spec.hosts, start_ms, start_ms + OUTAGE_MS)
