"""What the image's stages do, done in a folder by their own commands, and what they make run as somebody else.

Takes a minute of an idle machine, so it is not among the other tests: `make image`, which the CI runs, too.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.dockerfile import DOCKERFILE, ROOT, stages

pytestmark = [pytest.mark.image, pytest.mark.timeout(900)]

STAGES = stages(DOCKERFILE.read_text())
SOMEBODY = 10001
WRITABLE_BY_ALL = ("/tmp", "/var/tmp", "/dev/shm")


@pytest.fixture(scope="module")
def built() -> Iterator[Path]:
    """The environment of the image, made at another place; nobody may write to it."""
    # Not a folder of pytest's: it sees to it that nobody else gets into those.
    work = Path(tempfile.mkdtemp(prefix="foreshock-image-"))
    work.chmod(0o755)
    try:
        left_out = (".*", "tests", "node_modules", "dist", "out", "*_pb2*", "__pycache__")
        shutil.copytree(ROOT, work / "src", ignore=shutil.ignore_patterns(*left_out))
        (work / "bin").mkdir()
        (work / "bin" / "python").symlink_to(python_for_all())
        for name in ("page", "wheel", "environment"):
            for command in STAGES[name].all("RUN"):
                run_in(work, command, STAGES[name].all("WORKDIR")[0])
        environment = work / "opt" / "foreshock"
        subprocess.run(["chmod", "-R", "a-w", str(environment)], check=True)
        yield environment
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(work)], check=True)
        shutil.rmtree(work)


def python_for_all() -> Path:
    """A Python that others may run, too: an interpreter in somebody's home is none."""
    candidates = [Path(sys.executable).resolve(), Path("/usr/bin/python3").resolve()]
    found = [path for path in candidates if all(folder.stat().st_mode & 0o001 for folder in path.parents)]
    assert found, "no interpreter that another user may run"
    return found[0]


def run_in(work: Path, command: str, directory: str) -> None:
    """Run a stage's command with the folder in place of the root."""
    here = re.sub(r"(?<![\w.])/(opt|src)\b", rf"{work}/\1", command)
    environment = {**os.environ, "PATH": f"{work}/bin:{os.environ['PATH']}"}
    environment.pop("VIRTUAL_ENV", None)
    done = subprocess.run(
        ["bash", "-euc", here], cwd=f"{work}{directory}", env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{here}\n{done.stdout}\n{done.stderr}"


def as_somebody(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command as the image's user, from a folder that it can't write to; as ourselves if we may not be others."""
    user: dict[str, Any] = {"user": SOMEBODY, "group": SOMEBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        list(command), cwd="/", env=environment, capture_output=True, text=True, timeout=120, check=False, **user
    )


def left_behind() -> set[str]:
    """Files of the image's user in the places where everybody may write."""
    found = [path for place in WRITABLE_BY_ALL if Path(place).is_dir() for path in Path(place).iterdir()]
    return {str(path) for path in found if path.lstat().st_uid == SOMEBODY}


def test_the_command_runs_as_somebody_else_and_writes_nothing(built: Path) -> None:
    before = left_behind()
    version = as_somebody(built / "bin" / "foreshock", "--version")
    assert version.returncode == 0, version.stderr
    assert version.stdout.startswith("foreshock 0.1.0")
    config = built.parent.parent / "src" / "deploy" / "examples" / "foreshock.yaml"
    checked = as_somebody(built / "bin" / "foreshock", "check", config)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert left_behind() == before


def test_a_worker_gets_as_far_as_asking_the_broker(built: Path) -> None:
    """Faust is imported and the app made: all that happens before the first answer of a broker."""
    config = built.parent.parent / "nobody-answers.yaml"
    config.write_text("broker: {bootstrap_servers: '127.0.0.1:1'}\nsources: [{topic: telemetry}]\n")
    config.chmod(0o644)
    worker = as_somebody(built / "bin" / "foreshock", "worker", "--config", config)
    assert worker.returncode == 3, worker.stderr
    assert "127.0.0.1:1" in worker.stderr


def test_the_page_and_the_stubs_are_in_it(built: Path) -> None:
    [package] = built.glob("lib/python3*/site-packages/streams/serve")
    assert (package / "page" / "dist" / "index.html").is_file()
    assert list(package.rglob("*_pb2_grpc.py"))


def test_the_environment_has_neither_pip_nor_anything_of_the_checkout(built: Path) -> None:
    programs = {path.name for path in (built / "bin").iterdir()}
    assert "foreshock" in programs
    assert not programs & {"pip", "pip3", "pytest", "mypy"}
    shown = as_somebody(built / "bin" / "python", "-c", "import streams; print(streams.__file__)")
    assert shown.stdout.startswith(str(built)), shown.stderr
