"""Other projects' programs: where they come from, once, however many processes ask, and what is said if they don't."""

import os
import subprocess
import sys
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


def tool(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


MEETING = """
import os, sys, time
from pathlib import Path
from tests import go_modules, programs

folder = Path(sys.argv[1])
programs.CACHE = go_modules.CACHE = folder / "cache"
(folder / f"here-{os.getpid()}").touch()
while len(list(folder.glob("here-*"))) < 2:
    time.sleep(0.01)
"""


def asked_by_two(question: str, folder: Path) -> set[str]:
    """What two processes answer that ask at the same moment, with the tools of the folder `bin` before all others."""
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    command = [sys.executable, "-c", f"{MEETING}\nprint({question})", str(folder)]
    asking = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    return {process.communicate(timeout=60)[0].strip() for process in asking}


def test_two_processes_fetch_a_package_once(tmp_path: Path) -> None:
    """With tools of ours in place of Debian's, which count their calls."""
    (tmp_path / "bin").mkdir()
    found = 'for a in "$@"; do case $a in Dir::Cache=*) d=${a#*=};; install) i=1;; esac; done'
    fetch = f"[ -z $i ] || {{ echo call >>{tmp_path}/calls; sleep 0.5; touch $d/archives/some.deb; }}"
    tool(tmp_path / "bin" / "apt-get", f"{found}; {fetch}")
    tool(tmp_path / "bin" / "dpkg-deb", "mkdir -p $3/usr/bin; echo whole >$3/usr/bin/some-tool")
    answers = asked_by_two("programs.program('some-tool', 'some').path", tmp_path)
    assert answers == {f"{tmp_path}/cache/some/usr/bin/some-tool"}
    assert (tmp_path / "cache" / "some" / "usr" / "bin" / "some-tool").read_text() == "whole\n"
    assert (tmp_path / "calls").read_text() == "call\n"


def test_two_processes_build_a_program_once(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    build = "mkdir -p $GOBIN; echo half >$GOBIN/some-tool; sleep 0.5; echo whole >$GOBIN/some-tool"
    tool(tmp_path / "bin" / "go", f"echo call >>{tmp_path}/calls; {build}")
    answers = asked_by_two("go_modules.GoProgram('some-tool', 'a/b', 'v1').path()", tmp_path)
    assert answers == {f"{tmp_path}/cache/some-tool-v1"}
    assert (tmp_path / "cache" / "some-tool-v1").read_text() == "whole\n"
    assert (tmp_path / "calls").read_text() == "call\n"
