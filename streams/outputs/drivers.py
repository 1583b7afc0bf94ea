"""Drivers of a hazard in plain words: ``smart_5_raw grew by 3 in 5 days``."""

from streams.pipeline.sign_shares import Driver
from streams.settings.durations import DAY_MS, HOUR_MS, MINUTE_MS


def driver_text(driver: Driver) -> str:
    """One sentence without a full stop."""
    return f"{driver.metric} {_said(driver)}"


def _said(driver: Driver) -> str:
    match driver.sign:
        case "present":
            return f"is at {driver.value:.6g}, above zero"
        case "level":
            return f"is at {driver.value:.6g}"
        case "rise":
            return (
                f"grew by {driver.grown_by:.6g} in {span_text(driver.grown_ms)}"
                if driver.grown_by > 0
                else "grew lately"
            )
        case "change":
            return f"keeps changing, now at {driver.value:.6g}"
        case "surprise":
            return "was unlike itself lately"
        case "trend":
            return f"has been {'higher' if driver.strength > 0 else 'lower'} than usual for a day"
        case "flat":
            return f"has stood still for {span_text(driver.still_ms)}, longer than usual"
        case "restart":
            return f"fell back lately, {max(1, round(driver.strength))} times or more"
        case _:
            return f"is at {100 * driver.strength:.0f} % of its limit, {driver.limit:.6g}"


def span_text(span_ms: int) -> str:
    """A duration in whole units that people use for one: ``5 days``, ``an hour``."""
    for unit_ms, one, many in (
        (DAY_MS, "a day", "days"),
        (HOUR_MS, "an hour", "hours"),
        (MINUTE_MS, "a minute", "minutes"),
    ):
        count = round(span_ms / unit_ms)
        if count:
            return one if count == 1 else f"{count} {many}"
    return "a moment"
