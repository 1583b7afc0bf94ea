"""What Prometheus is told of serve, gathered when it asks. Every label's values are few."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from streams.metrics.families import counter, gauge, histogram
from streams.rejects import RejectReason
from streams.schema import AnomalyKind, EpisodeState, ForecastQuality, RecordKind
from streams.serve.alerting.service import Alerting
from streams.serve.board.board import Board
from streams.serve.board.gist import ListName
from streams.serve.board.shelf import KINDS, Codes, Shelf
from streams.serve.exposition.survey import Survey
from streams.serve.exposition.timing import Requests
from streams.serve.remote_write.writer import RemoteWriter
from streams.serve.standing import Standing

MS_PER_S = 1000.0
CAPACITY_STATUSES = ("ok", "filling", "imminent", "exhausted")


class Sources(NamedTuple):
    """Where the figures come from."""

    board: Board
    standing: Standing
    now_ms: Callable[[], int]
    survey: Callable[[], Survey]
    requests: Requests
    live_clients: Callable[[], int]
    scaler_outcomes: Callable[[], Mapping[tuple[str, str], int]]
    """How often each scaler gave a value (`ok`), or an error for each reason."""
    alerting: Alerting
    writer: RemoteWriter | None
    version: str


def registry_of(sources: Sources) -> CollectorRegistry:
    """A registry of serve's own: its figures, and its process' memory, CPU and files."""
    registry = CollectorRegistry()
    registry.register(ServeCollector(sources))
    ProcessCollector(registry=registry)
    return registry


class ServeCollector(Collector):
    """The figures of serve."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def collect(self) -> Iterable[Metric]:
        """All of them, as they are now."""
        source = self._sources
        yield from _of_reading(source)
        yield from _of_board(source.board, source.now_ms())
        yield from _of_skill(source.survey())
        yield from _of_asking(source)
        yield from _of_alerting(source.alerting)
        yield _of_remote_write(source.writer)


def _of_reading(source: Sources) -> Iterator[Metric]:
    board = source.board
    yield gauge("serve_build_info", "1; the version of foreshock", {source.version: 1.0}, "version")
    ready = float(source.standing.ready)
    yield gauge("serve_ready", "1 if the topics were read to their ends, and reading goes on; else 0", ready)
    lag = source.standing.lag_records
    yield gauge("serve_lag_records", "Records of the topic that are left to read", lag, "topic")
    yield counter("serve_changes", "Changes of what the topics say: records that were news, and ends", board.version)
    # Anybody may write to a topic: only words that are ours become labels.
    rejects = {reason: board.rejects[reason] for reason in RejectReason}
    yield counter("serve_rejected_rows", "Refused rows, by the rejects that were read", rejects, "reason")
    yield counter(
        "serve_unreadable_records", "Records of our topics that are none of ours", dict(board.unreadable), "topic"
    )
    if board.event_time_ms:
        text = "How far the telemetry has come, in seconds since 1970: it is behind by time() less this"
        yield gauge("serve_event_time_seconds", text, board.event_time_ms / MS_PER_S)


def _of_board(board: Board, now_ms: int) -> Iterator[Metric]:
    series = int(np.count_nonzero(board.directory.series()))
    yield gauge("serve_series", "Series of which something is predicted", series)
    by_kind = {kind: count for name in ListName for kind, count in _kinds(board.shelves[name]).items()}
    yield gauge("serve_records", "Keys of which a record is held", by_kind, "kind")
    expired = {name: _expired(board.shelves[name], now_ms) for name in ListName}
    yield gauge("serve_expired_records", "Those that have had no successor in time", expired, "list")
    forecasts = _states(board.shelves[ListName.FORECASTS], ForecastQuality)
    yield gauge("serve_forecasts", "Series by the quality of their newest forecast", forecasts, "quality")
    capacity = _states(board.shelves[ListName.CAPACITY], CAPACITY_STATUSES)
    yield gauge("serve_capacity", "Series and rules by the status of their newest prediction", capacity, "status")
    anomalies = _open_anomalies(board.shelves[ListName.ANOMALIES])
    yield gauge("serve_open_anomalies", "Anomalies that go on", anomalies, "anomaly")
    incidents = _states(board.shelves[ListName.INCIDENTS], ("open", "updated"))
    yield gauge("serve_open_incidents", "Incidents that go on", sum(incidents.values()))


def _of_skill(survey: Survey) -> Iterator[Metric]:
    text = "Skill of forecasts over the series of a metric: share of seasonal naive's loss that they save"
    yield gauge("serve_forecast_skill", text, survey.skill, "metric", "quantile")
    text = "Share of values within the 80 % band, over the series of a metric"
    yield gauge("serve_forecast_coverage", text, survey.coverage, "metric", "quantile")


def _of_asking(source: Sources) -> Iterator[Metric]:
    text = "Time that a request took, by the pattern of its route and the class of the answer"
    yield histogram("serve_http_request_duration_seconds", text, source.requests, "route", "status")
    yield gauge("serve_live_clients", "Clients that follow live", source.live_clients())
    text = "What autoscalers were told: a value (ok), or an error for a reason"
    yield counter("serve_scaler_answers", text, source.scaler_outcomes(), "scaler", "outcome")


def _of_alerting(alerting: Alerting) -> Iterator[Metric]:
    firing = Counter([_name_and_severity(alert.labels) for alert in alerting.desk.firing.values()])
    yield gauge("serve_alerts_firing", "Alerts that fire", firing, "alertname", "severity")
    yield gauge("serve_alerts_withheld", "Alerts that an open incident speaks for", alerting.desk.withheld)
    text = "Alerts that were not kept, for so many fire already; each try counts"
    yield counter("serve_alerts_beyond_limit", text, alerting.desk.beyond)
    receivers = [(one.url, one.counts) for one in alerting.managers]
    receivers += [(one.url, one.counts) for one in alerting.webhooks]
    for name, text in (
        ("sent", "Alerts that a receiver took; an Alertmanager gets each again while it fires"),
        ("failed", "Alerts that it did not take; each attempt counts"),
        ("dropped", "Alerts that were given up"),
    ):
        counts = {url: getattr(counts, name) for url, counts in receivers}
        yield counter(f"serve_alerts_{name}", text, counts, "receiver")


def _of_remote_write(writer: RemoteWriter | None) -> Metric:
    text = "Samples of forecasts that a Prometheus took (sent), did not take (failed), or that were given up (dropped)"
    outcomes = {} if writer is None else asdict(writer.counts)
    return counter("serve_remote_write_samples", text, outcomes, "outcome")


def _name_and_severity(labels: Iterable[tuple[str, str]]) -> tuple[str, str]:
    named = dict(labels)
    return named["alertname"], named["severity"]


def _kinds(shelf: Shelf) -> dict[RecordKind, int]:
    codes = np.bincount(shelf.columns.kind[shelf.live()], minlength=len(KINDS)).tolist()
    return {kind: count for kind, count in zip(KINDS, codes, strict=True) if count}


def _states(shelf: Shelf, named: Iterable[str]) -> dict[str, int]:
    counts = _counts(shelf.columns.state[shelf.live()], shelf.states)
    return {state: counts.get(state, 0) for state in named}


def _open_anomalies(shelf: Shelf) -> dict[str, int]:
    """By their kind, which is the rule of their list."""
    columns, is_open = shelf.columns, shelf.states.known(EpisodeState.OPEN)
    counts = _counts(columns.rule[shelf.live() & (columns.state == is_open)], shelf.rules)
    return {kind: counts.get(kind, 0) for kind in AnomalyKind}


def _counts(codes: npt.NDArray[np.int32], texts: Codes) -> dict[str, int]:
    return dict(zip(texts.texts, np.bincount(codes, minlength=len(texts.texts)).tolist(), strict=True))


def _expired(shelf: Shelf, now_ms: int) -> int:
    return int(np.count_nonzero(shelf.live() & (shelf.columns.expires_at_ms < now_ms)))
