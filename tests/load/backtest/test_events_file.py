"""Events of a backtest: read like messages, known from the beginning."""

from pathlib import Path

import numpy as np
import pytest

from load.backtest.errors import BacktestError
from load.backtest.events_file import events_of
from streams.settings.model import Settings
from tests.load.backtest.helpers import MINUTE_MS, START_MS, recorded, rows, run, samples

SETTINGS = Settings.model_validate({"sources": [{"topic": "telemetry"}]})
SINCE, UNTIL, MINUTES = 280, 300, 310


def line(name: str = "INC-1", **changes: object) -> str:
    span = f'"start": {START_MS + SINCE * MINUTE_MS}, "end": {START_MS + UNTIL * MINUTE_MS}'
    more = "".join([f', "{key}": "{text}"' for key, text in changes.items()])
    return f'{{"id": "{name}", "kind": "incident", {span}{more}}}\n'


def test_events_keep_their_order_and_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(line("a") + "\n" + line("b") + line("a", metric="cpu"))
    events = events_of(path, SETTINGS)
    assert [(event.offset, event.event.id, event.event.metric) for event in events] == [
        (1, "a", "*"),
        (3, "b", "*"),
        (4, "a", "cpu"),
    ]


def test_every_bad_line_is_told(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(line() + "{\n" + line(kind="outage"))
    with pytest.raises(BacktestError) as caught:
        events_of(path, SETTINGS)
    first, second = str(caught.value).splitlines()
    assert first.startswith(f"{path}, line 2: not JSON")
    assert second.startswith(f"{path}, line 3: the event's kind is 'outage'")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BacktestError, match=r"none\.jsonl: can't be read: No such file"):
        events_of(tmp_path / "none.jsonl", SETTINGS)


def test_a_backtest_does_not_learn_from_excluded_times(tmp_path: Path) -> None:
    table = samples(['cpu{host="a"}'], MINUTES)
    table.value[SINCE:UNTIL] = 9_000.0
    recording, events = recorded(tmp_path / "r.parquet", table), tmp_path / "events.jsonl"
    events.write_text(line())
    options = ["--horizon", "10", "--origins", "1", "--baselines", ""]
    plain = run(recording, tmp_path / "plain", *options)
    excluding = run(recording, tmp_path / "excluding", *options, "--events", str(events))
    assert excluding["samples_accepted"] == plain["samples_accepted"] == MINUTES
    assert excluding["errors"]["crps"] < plain["errors"]["crps"] / 5
    scores = [row["score"] for row in rows(tmp_path / "excluding" / "anomalies.parquet")]
    assert not np.any(scores[SINCE:UNTIL])
    assert np.any([row["score"] for row in rows(tmp_path / "plain" / "anomalies.parquet")][SINCE:UNTIL])


def test_a_counter_is_compared_by_the_rates_that_were_learned(tmp_path: Path) -> None:
    """Were the first rate after an excluded time taken from the sample before that time, it would hold the jump."""
    table = samples(["requests_total"], MINUTES)
    table.value[:] = 60.0 * np.arange(MINUTES) + 9e6 * (np.arange(MINUTES) >= SINCE + 3)
    recording, events = recorded(tmp_path / "r.parquet", table), tmp_path / "events.jsonl"
    events.write_text(line())
    options = ["--horizon", "10", "--origins", "1", "--baselines", "", "--events", str(events)]
    assert run(recording, tmp_path / "out", *options)["errors"]["crps"] == pytest.approx(0.0, abs=1e-6)
