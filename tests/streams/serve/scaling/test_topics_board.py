"""The board of the topics as scalers ask it: real records of a small fleet."""

from dataclasses import replace

import pytest

from streams.serve.scaling.core.decision import Decision
from streams.serve.scaling.core.refusals import Refusal, RefusalReason
from streams.serve.scaling.topics_board import TopicsBoard
from streams.serve.standing import Standing
from tests.streams.serve import made
from tests.streams.serve.api.asking import context
from tests.streams.serve.scaling.made import scaler

DISK = 'disk_used_bytes{host="a",namespace="shop"}'


@pytest.fixture(scope="module")
def board() -> TopicsBoard:
    return TopicsBoard(made.board(), Standing())


def test_a_forecast_and_the_samples_it_continues(board: TopicsBoard) -> None:
    record = board.forecast(DISK)
    assert record is not None
    assert record["series"] == DISK
    samples = board.newest(DISK, 2)
    assert len(samples) == 2
    assert samples[0][0] < samples[1][0]
    assert samples[1][0] >= record["last_sample_at_ms"]
    assert board.forecast("nothing") is None
    assert board.newest("nothing", 2) == []


def test_series_of_a_metric_with_labels(board: TopicsBoard) -> None:
    found = board.matching("disk_*", {"namespace": "shop"}, 10)
    assert found
    assert all(name.startswith("disk_used_bytes") and 'namespace="shop"' in name for name in found)
    assert len(board.matching("*", {}, 2)) == 2
    assert board.matching("disk_*", {"namespace": "nobody's"}, 10) == []


def test_nothing_is_said_before_the_topics_are_read() -> None:
    assert not TopicsBoard(made.board(), Standing(caught_up=False)).ready


def test_a_scaler_decides_on_real_records() -> None:
    asked = context()
    rule = scaler(series=DISK, lead_time="1h", max_age="1d", scale_in_on_forecast=False)
    asked = replace(asked, settings=made.settings(scalers=[rule.model_dump(mode="json", by_alias=True)]))
    answer = asked.desk.ask("shop", asked.now_ms()).answer
    # Half a day is too little for a forecast to be known to be fit.
    assert isinstance(answer, Refusal)
    assert answer.reason is RefusalReason.WARMING
    asked.board.latest = lambda *_: {**record_of(asked), "quality": "ok"}  # type: ignore[method-assign]
    answer = asked.desk.ask("shop", asked.now_ms() + 2_000).answer
    assert isinstance(answer, Decision)
    assert answer.newest is not None


def record_of(asked: object) -> dict[str, object]:
    record = TopicsBoard(made.board(), Standing()).forecast(DISK)
    assert record is not None
    return dict(record)
