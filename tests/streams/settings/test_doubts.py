"""Contradictions that are warned of."""

from typing import Any

import pytest

from streams.settings.doubts import doubts
from streams.settings.model import Settings

ERRORS = {"name": "errors", "metric": "e", "above": 1, "for": "5m", "within": "1h"}


def paths(**sections: Any) -> list[str]:
    return [problem.path for problem in doubts(Settings.model_validate({"sources": [{"topic": "t"}], **sections}))]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (["10m"], ["failures[0].for"]),
        (["2h"], ["failures[0].for", "failures[0].within"]),
        (["2h", "1m"], []),
        (["2h", None], []),
        (["5m"], []),
    ],
)
def test_spans_below_every_step(steps: list[str | None], expected: list[str]) -> None:
    sources = [{"topic": f"t{number}", "step": step} for number, step in enumerate(steps)]
    assert paths(sources=sources, failures=[ERRORS]) == expected


def test_pages_before_tickets_and_quiet_before_the_end() -> None:
    alerting = {"capacity": {"page_within": "7d", "ticket_within": "24h"}, "failures": {"page_within": None}}
    assert paths(alerting=alerting) == ["alerting.capacity.page_within"]
    assert paths(incidents={"quiet": "5h", "life": "4h"}) == ["incidents.quiet"]
    assert paths() == []
