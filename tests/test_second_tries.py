"""A second try: for whom, where, and that the first is not passed over in silence."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

FAILS_FIRST = """
from pathlib import Path

import pytest

@pytest.fixture
def {fixture}():
    return None

def test_it({fixture}):
    seen = Path(__file__ + ".seen")
    first = not seen.exists()
    seen.touch()
    assert not first, "the first time"
"""


def run(folder: Path, fixture: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Test a file whose one test fails the first time it is run, and has this fixture."""
    (folder / "test_a.py").write_text(FAILS_FIRST.format(fixture=fixture))
    ours = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_") and key != "CI"}
    plugins = ["-p", "xdist", "-p", "pytest_rerunfailures", "-p", "tests.conftest"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "-c", "/dev/null", f"--rootdir={folder}", str(folder)],
        env={**ours, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_in_ci_a_test_with_a_broker_has_one_and_its_first_is_told(tmp_path: Path) -> None:
    done = run(tmp_path, "broker", {"CI": "true"})
    assert done.returncode == 0, done.stdout
    assert "1 tests FAILED AT FIRST and were run once more" in done.stdout
    assert "AssertionError: the first time" in done.stdout


def test_nothing_else_has_one(tmp_path: Path) -> None:
    for fixture, environment in [("broker", {}), ("numbers", {"CI": "true"})]:
        (tmp_path / fixture).mkdir()
        done = run(tmp_path / fixture, fixture, environment)
        assert done.returncode == 1, done.stdout
        assert "run once more" not in done.stdout
