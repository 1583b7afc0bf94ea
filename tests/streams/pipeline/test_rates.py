"""Counters become rates; gauges stay what they are."""

from collections.abc import Iterable
from unittest.mock import patch

import pytest

from streams.pipeline.config import is_counter
from streams.settings.sources import SourceSettings
from tests.streams.pipeline.logs import pipeline, rows, run


def learned(samples: Iterable[tuple[str, float, float]]) -> list[float]:
    """The values that the bank was given."""
    watched = pipeline()
    with patch.object(watched.state.bank, "update", wraps=watched.state.bank.update) as update:
        run(watched, rows(samples))
    return [value for call in update.call_args_list for value in call.args[2].tolist()]


@pytest.mark.parametrize(
    ("minutes", "counts", "rates"),
    [
        ([0], [5], []),  # a first sample has no rate
        ([0, 1], [5, 65], [1.0]),  # 60 in 60 s
        ([0, 1, 3], [0, 60, 60], [1.0, 0.0]),
        ([0, 1, 4], [0, 60, 240], [1.0, 1.0]),  # 180 in 180 s: a gap is no burst
        ([0, 1, 2], [600, 660, 30], [1.0, 0.5]),  # a reset: 30 since it began again at 0
        ([0, 1.5], [0, 90], [1.0]),  # by the sample's own time, and not by its step
    ],
)
def test_a_counter_becomes_a_rate_per_second(minutes: list[float], counts: list[float], rates: list[float]) -> None:
    assert learned([("a_total", minute, count) for minute, count in zip(minutes, counts, strict=True)]) == rates


def test_a_gauge_among_counters_stays_as_it_is() -> None:
    samples = [("a_total", 0, 0.0), ("b", 0, 7.0), ("a_total", 1, 120.0), ("b", 1, 8.0)]
    assert sorted(learned(samples)) == [2.0, 7.0, 8.0]


@pytest.mark.parametrize(
    ("metric", "counters", "gauges", "is_one"),
    [
        ("http_requests_total", [], [], True),
        ("latency_seconds_sum", [], [], True),
        ("latency_seconds_count", [], [], True),
        ("total", [], [], False),
        ("cpu", [], [], False),
        ("bytes_in", ["bytes_*"], [], True),
        ("thread_count", [], ["thread_*"], False),
        ("bytes_in", ["bytes_*"], ["*"], False),
        ("Bytes_in", ["bytes_*"], [], False),
    ],
)
def test_which_metrics_are_counters(metric: str, counters: list[str], gauges: list[str], is_one: bool) -> None:
    source = SourceSettings.model_validate({"topic": "t", "counters": counters, "gauges": gauges})
    assert is_counter(metric, source) is is_one
