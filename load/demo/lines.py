"""The demo without a terminal: plain lines, a few at a time."""

from collections.abc import Iterator

from load.demo import phrases
from load.demo.predictions import Capacity, Failure
from load.demo.status import Status, counts, progress, quality

ROWS = 2


def report(status: Status) -> Iterator[str]:
    """What is going on, and what is most urgent."""
    yield f"[{status.seconds:.0f} s] {progress(status)}; {counts(status)}; {quality(status)}"
    if status.page:
        yield f"  page      {status.page}"
    for prediction in status.board.capacity()[:ROWS]:
        yield f"  capacity  {capacity_line(prediction)}"
    for failure in status.board.failures()[:ROWS]:
        yield f"  failure   {failure_line(failure)}"
    for incident in status.board.incidents()[:ROWS]:
        yield f"  incident  {incident.cause}, with {phrases.others(incident)}: {phrases.course(incident)}"
    for anomaly in status.board.anomalies()[:ROWS]:
        name = f"{anomaly.entity} {anomaly.metric}"
        yield f"  anomaly   {name}: {phrases.strangeness(anomaly)}, {phrases.since(anomaly)}"


def capacity_line(prediction: Capacity) -> str:
    """One capacity prediction."""
    within = phrases.probability(prediction.p_24h)
    return (
        f"{prediction.entity} {prediction.metric}: {phrases.level(prediction)}, {phrases.exhaustion(prediction)}"
        f" (within 24 h: {within})"
    )


def failure_line(prediction: Failure) -> str:
    """One failure prediction."""
    return (
        f"{prediction.entity}: {phrases.rule(prediction)}: {phrases.outlook(prediction)}"
        f" ({phrases.track_record(prediction)})"
    )


def summary(status: Status) -> Iterator[str]:
    """What the demo did, for its end."""
    yield f"ran {status.seconds:.1f} s; {counts(status)}"
    if status.first_prediction_s is not None:
        yield f"first prediction after {status.first_prediction_s:.1f} s"
    if status.board.missing:
        yield f"FAILED: no predictions of these kinds came: {', '.join(status.board.missing)}"
