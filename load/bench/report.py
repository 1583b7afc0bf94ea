"""What was measured, side by side: a table for people, and the same as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from load.bench.readings import WARM_UP_SHARE, Reading


class Contender(StrEnum):
    """Who reads the telemetry topic."""

    RAW = "raw"
    FAUST = "faust"
    FORESHOCK = "foreshock"


TITLES = {
    Contender.RAW: "raw aiokafka + orjson",
    Contender.FAUST: "stock Faust",
    Contender.FORESHOCK: "foreshock, both hops",
}

NOTES = (
    "x: how many times the rate of raw, and of Faust, on the same messages, and of Faust on single samples. Faust's"
    f" agent does nothing. The first {WARM_UP_SHARE:.0%} are not counted. foreshock's time ends when all that ingest"
    " published is forecast. CPU us: of the process, per sample."
)

ONE, BATCH = 1, 100
FORMS = (ONE, BATCH)
"""Samples of a message."""


@dataclass(frozen=True, slots=True)
class Result:
    """Readings, in samples, of one contender on messages of one form; one per round."""

    per_message: int
    contender: Contender
    readings: Sequence[Reading]

    @property
    def rate(self) -> float:
        """Samples per second, median of the rounds."""
        return median([reading.rate for reading in self.readings])

    @property
    def span(self) -> tuple[float, float]:
        """The lowest and the highest rate."""
        rates = [reading.rate for reading in self.readings]
        return min(rates), max(rates)

    @property
    def cpu_us(self) -> float:
        """CPU microseconds per sample, median of the rounds."""
        return median([reading.cpu_us for reading in self.readings])


@dataclass(frozen=True, slots=True)
class Ratios:
    """A contender's rate over others'; None where these were not measured."""

    raw: float | None
    faust: float | None
    faust_one: float | None


def ratios_of(results: Sequence[Result]) -> Iterator[tuple[Result, Ratios]]:
    """Each result, over the raw loop and stock Faust on the same messages, and stock Faust on one-sample messages."""
    rates = {(result.per_message, result.contender): result.rate for result in results}
    for result in results:
        against = [
            (result.per_message, Contender.RAW),
            (result.per_message, Contender.FAUST),
            (ONE, Contender.FAUST),
        ]
        yield result, Ratios(*[_over(result.rate, rates.get(other)) for other in against])


def _over(rate: float, other: float | None) -> float | None:
    return None if other is None else rate / other


def table_of(results: Sequence[Result]) -> Table:
    """The results for people."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, caption=NOTES, caption_justify="left")
    table.add_column("", no_wrap=True)
    for heading in ("samples/s", "CPU us", "x raw", "x Faust", "x single\nFaust"):
        table.add_column(heading, justify="right", no_wrap=True)
    before = None
    for result, ratios in ratios_of(results):
        if result.per_message != before:
            table.add_section()
            table.add_row(f"[bold]{form_text(result.per_message)}")
        before = result.per_message
        table.add_row(*_cells(result, ratios))
    return table


def form_text(per_message: int) -> str:
    """What a message holds."""
    return "one sample a message" if per_message == 1 else f"{per_message} samples a message"


def _cells(result: Result, ratios: Ratios) -> list[str]:
    times = [ratio_text(ratio) for ratio in (ratios.raw, ratios.faust, ratios.faust_one)]
    return [TITLES[result.contender], rate_text(result), f"{result.cpu_us:.2f}", *times]


def rate_text(result: Result) -> str:
    """The median rate; with several rounds their range under it."""
    if len(result.readings) == 1:
        return f"{result.rate:,.0f}"
    lowest, highest = result.span
    return f"{result.rate:,.0f}\nfrom {lowest:,.0f}\nto {highest:,.0f}"


def ratio_text(ratio: float | None) -> str:
    """A ratio, with decimals as far as they say something."""
    if ratio is None:
        return "-"
    decimals = 3 if ratio < 1 else 2 if ratio < 100 else 0
    return f"{ratio:,.{decimals}f}"


def document_of(results: Sequence[Result], machine: Mapping[str, object], run: Mapping[str, object]) -> dict[str, Any]:
    """The results for programs; `run` says what was run, `machine` on what."""
    return {
        "machine": machine,
        "run": run,
        "results": [
            {
                "contender": result.contender,
                "samples_per_message": result.per_message,
                "samples_per_s": result.rate,
                "samples_per_s_rounds": [reading.rate for reading in result.readings],
                "cpu_us_per_sample": result.cpu_us,
                "counted_samples": [reading.messages for reading in result.readings],
                "seconds": [reading.seconds for reading in result.readings],
                "over_raw": ratios.raw,
                "over_stock_faust": ratios.faust,
                "over_stock_faust_on_single_samples": ratios.faust_one,
            }
            for result, ratios in ratios_of(results)
        ],
    }
