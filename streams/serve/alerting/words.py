"""Alerts in words: a summary of one line, and figures. All times are UTC, for nobody knows where the reader is."""

from collections.abc import Iterator
from datetime import UTC, datetime

from streams.series import parse_series
from streams.serve.alerting.alert import Alert
from streams.serve.alerting.finding import Record
from streams.settings.durations import DAY_MS, HOUR_MS, MINUTE_MS, format_duration

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, OverflowError)
"""What comes of a record that somebody else has written: it may lack any field that only words need."""


def annotations(alert: Alert, now_ms: int) -> dict[str, str]:
    """What may change while an alert fires: a summary, a description, and the figures it comes from."""
    record, kind = alert.finding.record, alert.finding.kind
    try:
        told = {"summary": _SUMMARIES[kind](record), "description": " ".join(_DESCRIPTIONS[kind](record))}
    except UNREADABLE as error:
        told = {"summary": f"a {kind} record that can't be put into words", "description": repr(error)}
    if alert.resolution:
        told["resolution"] = alert.resolution
    elif alert.finding.expires_at_ms <= now_ms:
        told["stale"] = f"no news since {moment(alert.finding.at_ms)}: it may be over, or its telemetry may be gone"
    return told


def moment(instant_ms: float) -> str:
    """An instant to the minute: ``Thu 8 Jan 11:00 UTC``."""
    instant = datetime.fromtimestamp(instant_ms / 1000, UTC)
    return f"{instant:%a} {instant.day} {instant:%b %H:%M} UTC"


def span(duration_ms: float) -> str:
    """A duration in the one unit that suits it, rounded: ``40 min``, ``2 h``, ``3 days``."""
    if duration_ms < 90 * MINUTE_MS:
        return f"{max(1, round(duration_ms / MINUTE_MS))} min"
    if duration_ms < 2 * DAY_MS:
        return f"{round(duration_ms / HOUR_MS)} h"
    return f"{round(duration_ms / DAY_MS)} days"


def percent(share: float) -> str:
    """A probability; what is not certain is not rounded to certainty."""
    if 0.995 < share < 1.0:
        return "> 99 %"
    return "< 1 %" if share < 0.005 else f"{100 * share:.0f} %"


def thing(entity: str) -> str:
    """An entity as people speak of it, the narrowest of its labels first: ``volume root of host a``."""
    pairs = parse_series(entity).labels
    return " of ".join([f"{name} {value}" for name, value in reversed(pairs)]) or "everything"


def _capacity(record: Record) -> str:
    of = f"{record['metric']} of {thing(record['entity'])}"
    p10_ms, p50_ms, p90_ms = (record[f"exhausted_at_p{share}_ms"] for share in (10, 50, 90))
    if record["gap"] <= 0:
        return f"{of} has reached its limit"
    if p50_ms is None:
        return f"{of} may reach its limit on {moment(p10_ms)} at the earliest" if p10_ms else f"{of} nears its limit"
    if p90_ms is None:
        return f"{of} reaches its limit on {moment(p50_ms)}, or much later"
    # Half of what lies between the two: four times in five it happens within it.
    return f"{of} reaches its limit on {moment(p50_ms)}, give or take {span((p90_ms - p10_ms) / 2)}"


def _about_capacity(record: Record) -> Iterator[str]:
    yield f"Rule {record['rule']}: {record['level']:g} now, the limit is {record['limit']:g}."
    chances = [f"{percent(record[f'p_within_{name}'])} within {name}" for name in ("1h", "6h", "24h", "7d", "30d")]
    yield f"Likely to be reached: {', '.join(chances)}."
    if not record["eta_supported"]:
        yield f"That is extrapolated: {record['supported_h']:.0f} h of history are known."


def _failure(record: Record) -> str:
    state = f"{record['metric']} of {thing(record['entity'])}"
    rule = f"{record['side']} {record['threshold']:g} for {format_duration(record['for_ms'])}"
    if record["breaking"]:
        return f"{state} has been {rule}"
    within = format_duration(record["within_ms"])
    return f"{state} will be {rule} within {within} with a probability of {percent(record['probability'])}"


def _about_failure(record: Record) -> Iterator[str]:
    yield f"Rule {record['rule']}."
    if record["p_within_24h"] is not None:
        yield f"Within 24h: {percent(record['p_within_24h'])}."
    yield from _fared(record)
    if record["precision"] is not None:
        yield f"{percent(record['precision'])} of the warnings were right."


def _hazard(record: Record) -> str:
    within = format_duration(record["within_ms"])
    state = "has failed" if record["failing"] else f"shows signs of wear: fails within {within} with a probability of"
    return f"{thing(record['entity'])} {state}" + ("" if record["failing"] else f" {percent(record['probability'])}")


def _about_hazard(record: Record) -> Iterator[str]:
    yield f"Hazard {record['hazard']}."
    yield from [f"{driver['text']}." for driver in record["drivers"]]
    yield f"{record['flags_right']} of {record['flags']} earlier flags were right."


def _objective(record: Record) -> str:
    left, firing = record["budget_left"], [alert for alert in record["alerts"] if alert["firing"]]
    rate = max([alert["long_burn_rate"] for alert in firing], default=0.0)
    return (
        f"{thing(record['entity'])} spends the error budget of {record['objective']} {rate:.1f} times too fast;"
        f" {percent(left) if left > 0 else 'nothing'} is left"
    )


def _about_objective(record: Record) -> Iterator[str]:
    yield f"Target {record['target_percent']:g} % over {format_duration(record['window_ms'])}."
    if record["exhausted_at_ms"] is not None:
        yield f"At this rate the budget is spent on {moment(record['exhausted_at_ms'])}."


_ANOMALIES = {
    "value": "has values where it seldom is",
    "level_shift": "has moved to another level",
    "variance": "varies otherwise than usual",
    "flat_line": "repeats one value, and used to vary",
    "missing": "has stopped reporting",
    "cadence": "reports at another distance than it used to",
}


def _anomaly(record: Record) -> str:
    return f"{record['metric']} of {thing(record['entity'])} {_ANOMALIES[record['anomaly']]}"


def _about_anomaly(record: Record) -> Iterator[str]:
    yield f"Since {moment(record['start_ms'])}."
    if record["value"] is not None:
        yield f"It was {record['value']:g}."
    if record["expected_low"] is not None and record["expected_high"] is not None:
        yield f"Expected: {record['expected_low']:g} to {record['expected_high']:g}."
    if record["factor"] is not None:
        yield f"{record['factor']:.3g} times the usual."


def _incident(record: Record) -> str:
    first, *others = [thing(member["entity"]) for member in record["members"]]
    more = len(others) + record["members_beyond"]
    begin = f"Trouble is foretold, {first} first" if record["predicted"] else f"Trouble, most likely from {first}"
    return f"{begin}; {more} more with it" if more else begin


def _about_incident(record: Record) -> Iterator[str]:
    yield record["text"]


def _fared(record: Record) -> Iterator[str]:
    if record["brier"] is None:
        yield "No earlier prediction is settled yet."
        return
    scores = f"Brier {record['brier']:.3f}, plain frequency {record['base_brier']:.3f}"
    settled, came = record["looks_settled"], record["failures_seen"]
    yield f"{settled} earlier predictions are settled, {came} failures came; {scores}."


_SUMMARIES = {
    "capacity": _capacity,
    "failure": _failure,
    "hazard": _hazard,
    "objective": _objective,
    "anomaly": _anomaly,
    "incident": _incident,
}
_DESCRIPTIONS = {
    "capacity": _about_capacity,
    "failure": _about_failure,
    "hazard": _about_hazard,
    "objective": _about_objective,
    "anomaly": _about_anomaly,
    "incident": _about_incident,
}
