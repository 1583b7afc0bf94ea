"""``python -m load.backtest.side_by_side DIR...``: what several backtests compared, as one table in Markdown.

A cell holds CRPS / MASE, both in units of seasonal naive's, how often the 80 % band held what came, and CPU time per
sample. The last column has the geometric means over the recordings, and the mean of the shares.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from math import exp, log
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

import orjson

from load.backtest.errors import BacktestError
from load.backtest.report_texts import cost, number

NOTE = "CRPS / MASE relative to seasonal naive, share inside the 80 % band, CPU us per sample"


class Entry(NamedTuple):
    """A method on a recording, as in summary.json."""

    crps_relative: float
    mase_relative: float
    coverage_80: float
    us_per_sample: float


Standing = Mapping[str, Entry]
"""Entries by the method's title."""


def lines_of(standings: Mapping[str, Standing]) -> Iterator[str]:
    """The table; a row for each method that is on every recording, the smallest CRPS first."""
    columns = list(standings.values())
    titles = [title for title in columns[0] if all(title in column for column in columns)]
    rows = {title: [column[title] for column in columns] for title in titles}
    whole = {title: together(entries) for title, entries in rows.items()}
    yield f"| {NOTE} | " + " | ".join([*standings, "all"]) + " |"
    yield "|---" * (len(standings) + 2) + "|"
    for title in sorted(titles, key=lambda title: whole[title].crps_relative):
        yield f"| {title} | " + " | ".join([_cell(entry) for entry in [*rows[title], whole[title]]]) + " |"


def together(entries: Sequence[Entry]) -> Entry:
    """A method over all recordings."""
    crps, mase, coverage, us = zip(*entries, strict=True)
    return Entry(_geometric_mean(crps), _geometric_mean(mase), mean(coverage), _geometric_mean(us))


def _geometric_mean(values: Sequence[float]) -> float:
    # An error of 0, the oracle's, makes a mean of 0.
    return 0.0 if min(values) <= 0 else exp(mean([log(value) for value in values]))


def _cell(entry: Entry) -> str:
    share = f"{100 * entry.coverage_80:.0f} %"
    return f"{number(entry.crps_relative)} / {number(entry.mase_relative)}, {share}, {cost(entry.us_per_sample)}"


def standing_of(folder: Path) -> Standing:
    """What a backtest wrote into a folder."""
    file = folder / "summary.json"
    try:
        methods: list[dict[str, Any]] = orjson.loads(file.read_bytes())["comparison"]["methods"]
        return {method["title"]: Entry(*[float(method[name]) for name in Entry._fields]) for method in methods}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BacktestError(f"{file}: is no summary of a backtest in which methods were scored: {error}") from error


def main(folders: Sequence[str]) -> int:
    """Print the table of these folders."""
    if not folders:
        sys.stderr.write("usage: python -m load.backtest.side_by_side DIR...\n")
        return 2
    try:
        standings = {Path(folder).name: standing_of(Path(folder)) for folder in folders}
    except BacktestError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    print("\n".join(lines_of(standings)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
