"""Drivers of hazards, as people read them."""

from typing import Any

import pytest

from streams.outputs.drivers import driver_text, span_text
from streams.pipeline.sign_shares import Driver

DAY_MS = 86_400_000


def driver(sign: str, **changes: Any) -> Driver:
    fields: dict[str, Any] = {
        "metric": "disk",
        "series": 'disk{host="a"}',
        "share": 1.0,
        "strength": 1.0,
        "value": 12.0,
        "grown_by": 3.0,
        "grown_ms": 5 * DAY_MS,
        "still_ms": 3_600_000,
        "limit": None,
    }
    return Driver(sign=sign, **fields | changes)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (driver("present"), "disk is at 12, above zero"),
        (driver("level", value=1234567.5), "disk is at 1.23457e+06"),
        (driver("rise"), "disk grew by 3 in 5 days"),
        (driver("rise", grown_by=-1.0), "disk grew lately"),
        (driver("change"), "disk keeps changing, now at 12"),
        (driver("surprise"), "disk was unlike itself lately"),
        (driver("trend", strength=-2.0), "disk has been lower than usual for a day"),
        (driver("trend", strength=2.0), "disk has been higher than usual for a day"),
        (driver("flat"), "disk has stood still for an hour, longer than usual"),
        (driver("restart", strength=2.7), "disk fell back lately, 3 times or more"),
        (driver("closeness", strength=0.93, limit=60.0), "disk is at 93 % of its limit, 60"),
    ],
)
def test_every_sign_has_its_words(given: Driver, text: str) -> None:
    assert driver_text(given) == text


@pytest.mark.parametrize(
    ("span_ms", "text"),
    [(0, "a moment"), (60_000, "a minute"), (7_200_000, "2 hours"), (DAY_MS, "a day"), (5.4 * DAY_MS, "5 days")],
)
def test_spans_are_told_in_one_unit(span_ms: int, text: str) -> None:
    assert span_text(span_ms) == text
