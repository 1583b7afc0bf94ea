"""The scorer of incidents, on days as Nezha has them, made here."""

import csv
import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np
import orjson
import pytest

from load.insights import incidents
from load.insights.incidents import Said, report, said_of, score_of, settings_of
from load.insights.nezha import DAY_MS, RESOURCES, Day, read_day, with_day_before

BEGIN = datetime(2023, 1, 29, 8, 0, 10, tzinfo=UTC)
MINUTES = 150
PODS = tuple(f"ts-pod-{number}" for number in range(6))
STRUCK = {"ts-pod-2": range(100, 104)}


def text_of(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day of six pods, one of which is struck at minute 100; its TimeStamp is nonsense, as in the data."""
    folder = tmp_path_factory.mktemp("nezha") / "2023-01-29"
    folder.mkdir()
    random = Random(2)
    for pod in PODS:
        with gzip.open(folder / f"{pod}_metric.csv.gz", "wt", newline="") as lines:
            file = csv.DictWriter(lines, ["Time", "TimeStamp", "PodName", *RESOURCES, "PodClientLatencyP90(s)"])
            file.writeheader()
            for minute in range(MINUTES):
                far = 50.0 * (minute in STRUCK.get(pod, ()))
                values = {metric: 100.0 + random.gauss(0.0, 2.0) + far for metric in RESOURCES}
                time = f"{text_of(BEGIN + timedelta(minutes=minute))}.607158889 +0000 UTC m=+0.1"
                file.writerow({"Time": time, "TimeStamp": 7, "PodName": pod, "PodClientLatencyP90(s)": "", **values})
    at = BEGIN + timedelta(minutes=99, seconds=30)
    fault = {"inject_time": text_of(at), "inject_timestamp": "7", "inject_pod": "ts-pod-2", "inject_type": "cpu"}
    (folder / "2023-01-29-fault_list.json").write_bytes(orjson.dumps({"09": [fault]}))
    return folder


@pytest.fixture(scope="module")
def day(folder: Path) -> Day:
    return read_day(folder)


def test_a_day_is_read_by_its_column_time(day: Day) -> None:
    assert (day.system, day.pods) == ("TrainTicket", list(PODS))
    assert len(day.table) == len(PODS) * MINUTES * len(RESOURCES)
    assert day.table.timestamp_ms[0] == int(BEGIN.timestamp()) * 1000
    [fault] = day.faults
    assert (fault.pod, fault.kind, fault.at_ms - day.table.timestamp_ms[0]) == ("ts-pod-2", "cpu", 99.5 * 60_000)


def test_a_fault_is_detected_and_its_pod_first(day: Day) -> None:
    scored = score_of(day, said_of(day, settings_of(4.0)))
    [score] = scored.scores
    assert (score.rank, score.rank_given) == (1, 1)
    assert score.delay_ms is not None
    assert 60_000 < score.delay_ms <= 3 * 60_000
    assert scored.false == 0
    lines = list(report([scored]))
    assert lines[2].startswith("| TrainTicket | all | 1 | 1 (100%) |")
    assert lines[-1] == "2023-01-29 TrainTicket: 0 false incidents in 2.3 h, 0.00 an hour"


def test_what_is_told_too_late_of_another_or_without_a_fault_does_not_count(day: Day) -> None:
    at_ms = day.faults[0].at_ms
    pod = {"entity": '{pod="ts-pod-2"}', "last_ms": at_ms + 1}
    old = {"entity": '{pod="ts-pod-1"}', "last_ms": at_ms - 1}
    other = {"entity": '{pod="ts-pod-3"}', "last_ms": at_ms + 1}

    def told(after_ms: int, reason: str, *members: dict[str, object]) -> dict[str, object]:
        return {
            "updated_at_ms": at_ms + after_ms,
            "opened_at_ms": at_ms + after_ms,
            "reason": reason,
            "members": members,
        }

    cases = {
        "in time": ([told(299_000, "opened", old, pod)], 1),
        "too late": ([told(301_000, "opened", pod)], None),
        "before": ([told(-60_000, "opened", pod)], None),
        "another cause": ([told(1, "cause", pod)], None),
        "the first record counts": ([told(1, "member", other), told(2, "member", pod)], None),
    }
    for name, (records, rank) in cases.items():
        assert score_of(day, Said(records, {})).scores[0].rank == rank, name
    assert [score_of(day, Said(records, {})).false for records, _ in cases.values()] == [0, 0, 1, 0, 0]


def test_the_quiet_end_of_a_day_may_come_before_it(day: Day) -> None:
    longer = with_day_before(day)
    begin_ms, after_ms = int(day.table.timestamp_ms[0]), day.faults[0].at_ms + 10 * 60_000
    added = longer.table.timestamp_ms[: len(longer.table) - len(day.table)]
    assert added[0] + DAY_MS >= after_ms > added[0] + DAY_MS - 60_000
    assert added[-1] == day.table.timestamp_ms[-1] - DAY_MS
    assert len(added) == len(PODS) * len(RESOURCES) * len(np.unique(added))
    # What is said of it counts for nothing, and neither do its hours.
    opened = {"updated_at_ms": begin_ms - 1, "opened_at_ms": begin_ms - 1, "reason": "opened", "members": []}
    scored = score_of(longer, Said([opened], {}))
    assert (scored.false, scored.hours) == (0, score_of(day, Said([], {})).hours)


def test_a_folder_that_is_no_day_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="is it a day of Nezha"):
        read_day(tmp_path)


def test_the_command_prints_the_table(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["incidents", str(folder), "--per-day", "4"])
    monkeypatch.setattr(incidents, "said_of", lambda *_: Said([], {}))
    incidents.main()
    assert "| both | all | 1 | 0 (0%) | 0 | - | 0 | 0 | 0.00 | 0.00 |" in capsys.readouterr().out
