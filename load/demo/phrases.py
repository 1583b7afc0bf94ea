"""Predictions in words. All times are UTC."""

from datetime import UTC, datetime

from load.demo.predictions import Anomaly, Capacity, Failure, Incident
from load.generate.spec import DAY_MS, HOUR_MS, MINUTE_MS
from streams.settings.durations import format_duration

_WEEKDAY_ENOUGH_MS = 6 * DAY_MS
_OTHERS_NAMED = 2
_BINARY_PREFIXES = ("", "Ki", "Mi", "Gi", "Ti", "Pi")


def event_time(instant_ms: int) -> str:
    """An instant with its date: ``Fri 2026-01-09 14:00``."""
    return f"{_utc(instant_ms):%a %Y-%m-%d %H:%M}"


def exhaustion(prediction: Capacity) -> str:
    """When the limit is reached: ``full on Thu 14:00, give or take 2 h``."""
    state = "full" if prediction.direction == "up" else "used up"
    if prediction.gap <= 0:
        return f"{state} now"
    if prediction.p50_ms is None:
        return _unlikely_exhaustion(prediction, state)
    if prediction.p90_ms is None:
        return f"{state} on {_moment(prediction.p50_ms, prediction.made_at_ms, HOUR_MS)}, or much later"
    assert prediction.p10_ms is not None, "p10 comes before p90"
    # Half of what lies between p10 and p90: four times in five it happens within it.
    give_or_take_ms = (prediction.p90_ms - prediction.p10_ms) // 2
    moment = _moment(prediction.p50_ms, prediction.made_at_ms, 10 * MINUTE_MS)
    return f"{state} on {moment}, give or take {span(give_or_take_ms)}"


def _unlikely_exhaustion(prediction: Capacity, state: str) -> str:
    if prediction.p10_ms is None:
        return f"not within {span(int(prediction.eta_horizon_h * HOUR_MS))}"
    return f"{state} on {_moment(prediction.p10_ms, prediction.made_at_ms, HOUR_MS)} at worst, if at all"


def span(duration_ms: int) -> str:
    """A duration in the one unit that suits it, rounded: ``40 min``, ``2 h``, ``3 days``."""
    if duration_ms < 90 * MINUTE_MS:
        return f"{max(1, round(duration_ms / MINUTE_MS))} min"
    if duration_ms < 2 * DAY_MS:
        return f"{round(duration_ms / HOUR_MS)} h"
    return f"{round(duration_ms / DAY_MS)} days"


def others(incident: Incident) -> str:
    """The other members of an incident, the first few by name: ``search, host-01 and 3 more``."""
    named, more = incident.others[:_OTHERS_NAMED], len(incident.others) - _OTHERS_NAMED
    return (", ".join(named) or "nothing else") + (f" and {more} more" if more > 0 else "")


def course(incident: Incident) -> str:
    """Since when an incident goes on, or until when it went on: ``since Thu 10:20``."""
    begin = f"{_utc(incident.opened_ms):%a %H:%M}"
    if incident.closed_ms is not None:
        return f"{begin} to {_utc(incident.closed_ms):%H:%M}"
    return f"{'predicted' if incident.is_predicted else 'since'} {begin}"


def strangeness(anomaly: Anomaly) -> str:
    """What is strange: ``level shift: 12.3 GiB, expected 4.0 to 5.1 GiB``."""
    kind = anomaly.kind.replace("_", " ")
    if anomaly.value is None:
        return kind
    value = measured(anomaly.value, anomaly.metric)
    if anomaly.expected_low is None or anomaly.expected_high is None:
        return f"{kind}: {value}"
    low, high = (measured(bound, anomaly.metric) for bound in (anomaly.expected_low, anomaly.expected_high))
    return f"{kind}: {value}, expected {low}" + ("" if low == high else f" to {high}")


def since(anomaly: Anomaly) -> str:
    """When it was found: ``since Thu 10:20``."""
    return f"since {_utc(anomaly.found_ms):%a %H:%M}"


def measured(value: float, metric: str) -> str:
    """A value to three digits, in the unit that its metric's name ends with."""
    return quantity(value, metric) if metric.endswith("_bytes") and value >= 1.0 else f"{value:.3g}"


def level(prediction: Capacity) -> str:
    """How much of the limit is used: ``93 % of 200.0 GiB``."""
    if prediction.limit <= 0:
        return f"{prediction.level:g}, limit {prediction.limit:g}"
    return f"{100 * prediction.level / prediction.limit:.0f} % of {quantity(prediction.limit, prediction.metric)}"


def quantity(value: float, metric: str) -> str:
    """A positive value in the unit that its metric's name ends with: ``200.0 GiB``."""
    if not metric.endswith("_bytes"):
        return f"{value:g}"
    power = min(max(int(value).bit_length() - 1, 0) // 10, len(_BINARY_PREFIXES) - 1)
    return f"{value / (1 << (10 * power)):.1f} {_BINARY_PREFIXES[power]}B"


def probability(share: float) -> str:
    """A probability in percent; what is not certain is not rounded to certainty."""
    if share == 1.0:
        return "100 %"
    if share > 0.995:
        return "> 99 %"
    return "< 1 %" if share < 0.005 else f"{100 * share:.0f} %"


def rule(prediction: Failure) -> str:
    """What counts as the failure: ``error_rate above 0.05 for 5m``."""
    return f"{prediction.metric} {prediction.side} {prediction.threshold:g} for {format_duration(prediction.for_ms)}"


def outlook(prediction: Failure) -> str:
    """The probability and its time: ``41 % within 1h``."""
    if prediction.breaking:
        return "failing now"
    return f"{probability(prediction.probability)} within {format_duration(prediction.within_ms)}"


def score(brier: float | None) -> str:
    """A Brier score, where there is one."""
    return "-" if brier is None else f"{brier:.3f}"


def track_record(prediction: Failure) -> str:
    """How earlier predictions fared: ``3 failures, 840 looks settled; Brier 0.120, base 0.170``."""
    if not prediction.looks_settled:
        return "nothing settled yet"
    scores = f"Brier {score(prediction.brier)}, base {score(prediction.base_brier)}"
    return f"{prediction.failures_seen} failures, {prediction.looks_settled:,} looks settled; {scores}"


def _moment(instant_ms: int, now_ms: int, precision_ms: int) -> str:
    """A weekday and time, with the date where the weekday could be another week's."""
    rounded = _utc(round(instant_ms / precision_ms) * precision_ms)
    near = instant_ms - now_ms < _WEEKDAY_ENOUGH_MS
    return f"{rounded:%a %H:%M}" if near else f"{rounded:%a} {rounded.day} {rounded:%b}"


def _utc(instant_ms: int) -> datetime:
    return datetime.fromtimestamp(instant_ms / 1000, UTC)
