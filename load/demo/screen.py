"""The demo on a terminal: tables that change in place."""

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from load.demo import phrases
from load.demo.predictions import Anomaly, Capacity, Failure, Incident
from load.demo.status import Status, counts, progress, quality
from load.demo.subscribe import subscription

CAPACITY_ROWS, FAILURE_ROWS, INCIDENT_ROWS, ANOMALY_ROWS = 5, 4, 3, 3
FULL_HEIGHT, TALL_HEIGHT = 30, 37
"""Lines of a terminal that has room for so many rows, and for anomalies too; on a lower one the tables have `ROWS_LOW`,
incidents one."""

ROWS_LOW = 2
BAR_WIDTH = 60

LIKELY, POSSIBLE = 0.5, 0.1
"""Probabilities from which a row is red, and yellow."""


def screen(status: Status, height: int) -> RenderableType:
    """Everything there is to see, for a terminal with so many lines."""
    full = height >= FULL_HEIGHT
    return Group(
        Text.assemble(
            ("foreshock demo", "bold"), f": {status.series} series on the {status.broker_name}", _page(status)
        ),
        Text(progress(status)),
        Text(counts(status)),
        Text(quality(status)),
        _bar(status.share_sent),
        Text(),
        Text("What runs out first (times are UTC)", style="bold"),
        capacity_table(status.board.capacity()[: CAPACITY_ROWS if full else ROWS_LOW]),
        Text(),
        Text("What fails next, and how such predictions fared before", style="bold"),
        failure_table(status.board.failures()[: FAILURE_ROWS if full else ROWS_LOW]),
        Text(),
        Text("What is going on: the likeliest cause, and what is struck with it", style="bold"),
        incident_table(status.board.incidents()[: INCIDENT_ROWS if full else 1]),
        *(strange_part(status.board.anomalies()[:ANOMALY_ROWS]) if height >= TALL_HEIGHT else ()),
        Text(),
        Text(subscription(status), style="dim"),
    )


def capacity_table(predictions: list[Capacity]) -> Table:
    """The most urgent capacity predictions."""
    table = _table()
    table.add_column("series")
    table.add_column("used", justify="right")
    table.add_column("24 h", justify="right")
    table.add_column("when")
    for prediction in predictions:
        table.add_row(
            f"{prediction.entity} {prediction.metric}",
            phrases.level(prediction),
            phrases.probability(prediction.p_24h),
            phrases.exhaustion(prediction),
            style=_style(prediction.p_24h),
        )
    return table


def failure_table(predictions: list[Failure]) -> Table:
    """The most likely failures."""
    table = _table()
    table.add_column("entity")
    table.add_column("failure")
    table.add_column("likely")
    for name in ("failed", "looks", "Brier", "base"):
        table.add_column(name, justify="right")
    for prediction in predictions:
        table.add_row(
            prediction.entity,
            phrases.rule(prediction),
            phrases.outlook(prediction),
            f"{prediction.failures_seen:,}",
            f"{prediction.looks_settled:,}",
            phrases.score(prediction.brier),
            phrases.score(prediction.base_brier),
            style=_style(prediction.probability),
        )
    return table


def incident_table(incidents: list[Incident]) -> Table:
    """The incidents of now, or the last ones."""
    table = _table()
    table.add_column("cause")
    table.add_column("with it", no_wrap=True)
    table.add_column("when")
    for incident in incidents:
        table.add_row(
            incident.cause, phrases.others(incident), phrases.course(incident), style="red" if incident.is_open else ""
        )
    return table


def strange_part(anomalies: list[Anomaly]) -> tuple[RenderableType, ...]:
    """The newest anomalies that go on."""
    table = _table()
    for name in ("series", "what is strange", "when"):
        table.add_column(name)
    for anomaly in anomalies:
        name = f"{anomaly.entity} {anomaly.metric}"
        table.add_row(name, phrases.strangeness(anomaly), phrases.since(anomaly), style="yellow")
    return Text(), Text("What is strange now", style="bold"), table


def _table() -> Table:
    return Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")


def _page(status: Status) -> str:
    return f"; {status.page}" if status.page else ""


def _bar(share: float) -> Table:
    """A bar on a line of its own."""
    line = Table.grid()
    line.add_row(ProgressBar(total=1.0, completed=share, width=BAR_WIDTH))
    return line


def _style(probability: float) -> str:
    return "red" if probability >= LIKELY else "yellow" if probability >= POSSIBLE else ""
