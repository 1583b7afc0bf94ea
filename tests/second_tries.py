"""A test of several processes that fails in CI is run once more, and what it said the first time is printed.

Such a test waits for brokers, clients and clocks of one busy machine. Its second try lets a change land; the first is a
fault of the test or of the product all the same, and is printed where nobody can miss it.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.brokers import on_ci
from tests.side_by_side import uses_broker

TRIES_AGAIN = 1
INTEGRATION = Path(__file__).parent / "integration"


def allow_second_tries(items: Iterable[pytest.Item], environ: Mapping[str, str]) -> None:
    """Mark what may be run once more: in CI, what uses a broker or lies in `integration`. Elsewhere nothing."""
    if on_ci(environ):
        for item in items:
            if uses_broker(item) or INTEGRATION in item.path.parents:
                item.add_marker(pytest.mark.flaky(reruns=TRIES_AGAIN))


def tell_first_tries(terminal: pytest.TerminalReporter) -> None:
    """Print what each test said that was run once more."""
    reports: Sequence[pytest.TestReport] = terminal.stats.get("rerun", [])
    if not reports:
        return
    terminal.section(f"{len(reports)} tests FAILED AT FIRST and were run once more", sep="!", red=True, bold=True)
    for report in sorted(reports, key=lambda report: report.nodeid):
        terminal.section(report.nodeid, sep="_")
        terminal.write_line(report.longreprtext)
