"""The image without a Docker engine: its Dockerfile is read and linted; `test_image_stages.py` does what it says."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.deploy.dockerfile import DOCKERFILE, ROOT, arguments, copied, stages

TEXT = DOCKERFILE.read_text()
STAGES = stages(TEXT)
SOMEBODY = 10001


def test_hadolint_finds_nothing() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([hadolint, DOCKERFILE], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["foreshock", "trainer"])
def test_what_runs_is_nobody_in_particular(name: str) -> None:
    base = STAGES[STAGES[name].base]
    assert base.all("USER") == [f"{SOMEBODY}:{SOMEBODY}"]
    assert not STAGES[name].all("USER")
    assert not STAGES[name].all("RUN"), "what runs is only copied together"


def test_the_default_target_is_the_last_stage() -> None:
    assert list(STAGES)[-1] == "foreshock"


def test_bases_are_pinned_and_are_the_python_that_tests_run_on() -> None:
    bases = arguments(TEXT)
    assert {stage.base for stage in STAGES.values()} - STAGES.keys() == {f"${{{name}}}" for name in bases}
    for image in bases.values():
        name, _, tag = image.partition(":")
        assert re.match(r"\d+[.\d]*-", tag), f"{name}: a tag with a version"
    minor = f"{sys.version_info.major}.{sys.version_info.minor}"
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"].removeprefix(">=")
    assert bases["PYTHON_IMAGE"].split(":")[1].split("-")[0] in {minor, oldest}


def test_what_is_copied_is_there_and_let_in() -> None:
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    before: set[str] = set()
    for stage in STAGES.values():
        for rest in stage.all("COPY"):
            source_stage, sources, _ = copied(rest)
            if source_stage is not None:
                assert source_stage in before, f"{stage.name} copies from a later stage, or none: {source_stage}"
                continue
            for source in sources:
                assert (ROOT / source).exists(), source
                assert source == "." or any(Path(source).match(each) or source.startswith(each) for each in let_in)
        before.add(stage.name)


def pins(lock: Path) -> dict[str, frozenset[str]]:
    """What a lock file names, and the hashes of each."""
    parts = re.split(r"^(?=[a-z])", lock.read_text(), flags=re.MULTILINE)
    return {part.split()[0]: frozenset(re.findall(r"sha256:[0-9a-f]{64}", part)) for part in parts if part}


@pytest.mark.parametrize("name", ["foreshock", "trainer", "build"])
def test_an_image_gets_what_was_tested(name: str) -> None:
    tested, in_image = pins(ROOT / "requirements.lock"), pins(ROOT / "deploy" / "image" / f"{name}.lock")
    assert in_image
    assert in_image.items() <= tested.items()


def test_the_build_gets_what_the_project_asks_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    names = {re.split(r"[<>=]", each)[0] for each in asked}
    lines = (ROOT / "deploy" / "image" / "build.in").read_text().splitlines()
    assert names <= {line for line in lines if not line.startswith("#")}
