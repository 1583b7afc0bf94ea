from pathlib import Path

import pytest

from tests import programs
from tests.programs import ProgramUnavailableError, give_up, program


def test_what_is_on_the_path_is_taken_as_it_is() -> None:
    found = program("sh", "no-such-package")
    assert found.path.endswith("/sh")
    assert found.environment == {}


def test_without_debian_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(programs, "CACHE", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProgramUnavailableError, match=r"promtool is not on the PATH.*install it"):
        program("promtool", "prometheus")
    assert [path.name for path in tmp_path.iterdir()] == ["prometheus.lock"]


@pytest.mark.parametrize(("environ", "outcome"), [({"CI": "true"}, pytest.fail.Exception), ({}, pytest.skip.Exception)])
def test_a_missing_program_fails_in_ci_and_is_skipped_elsewhere(
    environ: dict[str, str], outcome: type[BaseException]
) -> None:
    with pytest.raises(outcome, match="no browser"):
        give_up(ProgramUnavailableError("no browser"), environ)
