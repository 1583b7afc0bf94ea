"""The comparison in a few lines of text, for the terminal."""

from collections.abc import Iterator
from math import inf
from typing import Any

from load.backtest.report_texts import cost, number, percent

HEADS = ("", "CRPS", "MASE", "in band", "us/sample")


def standings(comparison: dict[str, Any]) -> Iterator[str]:
    """A row a method, the best first; nothing where seasonal naive alone was compared with."""
    methods = ranked(comparison)
    if len(methods) <= 2 or comparison["samples_scored"] == 0:
        return
    yield f"on {comparison['series']:,} series, errors in units of seasonal naive's:"
    rows = [HEADS, *[_row(method) for method in methods]]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for title, *cells in rows:
        aligned = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)]
        yield "  ".join(["  " + title.ljust(widths[0]), *aligned])


def ranked(comparison: dict[str, Any]) -> list[dict[str, Any]]:
    """The methods, the smallest CRPS first."""
    return sorted(comparison["methods"], key=lambda method: inf if method["crps"] is None else method["crps"])


def _row(method: dict[str, Any]) -> tuple[str, ...]:
    return (
        method["title"],
        number(method["crps_relative"]),
        number(method["mase_relative"]),
        percent(method["coverage_80"]),
        cost(method["us_per_sample"]),
    )
