"""`capacity[].limit.file`: from a path in the configuration to limits, or to problems that name the place."""

from pathlib import Path

import pytest

from streams.cli.summary import summary
from streams.settings.errors import SettingsError
from streams.settings.limits_file import LimitEntry
from streams.settings.load import load_settings


def _configuration(tmp_path: Path, limit: str) -> Path:
    path = tmp_path / "foreshock.yaml"
    path.write_text(f"sources: [{{topic: telemetry}}]\ncapacity: [{{name: disk, metric: used, limit: {{{limit}}}}}]\n")
    return path


def _problems(path: Path) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        load_settings(path, {})
    return [str(problem) for problem in raised.value.problems]


@pytest.mark.parametrize(
    ("name", "text"), [("limits.csv", "host,limit\na,5\n"), ("limits.json", '[{"labels": {"host": "a"}, "limit": 5}]')]
)
def test_limits_are_read_with_the_settings(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    settings = load_settings(_configuration(tmp_path, f"file: '{tmp_path / name}'"), {})
    file = settings.capacity[0].limit.file
    assert file is not None
    assert file.entries == (LimitEntry(frozenset([("host", "a")]), 5.0),)
    assert f"  disk: when used reaches its limit in {tmp_path / name} (1 of them)" in summary(settings)


def test_problems_name_file_line_and_field(tmp_path: Path) -> None:
    limits = tmp_path / "limits.csv"
    limits.write_text("host,limit\na,5\nb,much\n")
    assert _problems(_configuration(tmp_path, f"file: '{limits}'")) == [
        f"capacity[0].limit.file: {limits}: line 3, limit: must be a finite number"
    ]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    [problem] = _problems(_configuration(tmp_path, "file: /nowhere/limits.csv"))
    assert problem.startswith("capacity[0].limit.file: can't be read: /nowhere/limits.csv: No such file")


def test_a_file_beside_another_limit_is_one_too_many(tmp_path: Path) -> None:
    limits = tmp_path / "limits.csv"
    limits.write_text("host,limit\na,5\n")
    assert _problems(_configuration(tmp_path, f"value: 3, file: '{limits}'")) == [
        "capacity[0].limit: give exactly one of value, metric, label, file, not value and file"
    ]


def test_a_file_is_a_path(tmp_path: Path) -> None:
    [problem] = _problems(_configuration(tmp_path, "file: [1]"))
    assert "must be the path of a file of limits, as text" in problem
