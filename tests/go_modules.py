"""What tests need of projects written in Go: programs built from source, and files that lie beside the source.

Both come by way of Go's module proxy, at a fixed version that go's checksum database vouches for, into the checkout's
`.cache`. A program on the PATH is taken as it is. Building Helm takes two minutes of one core, once.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from tests.programs import ProgramUnavailableError, locked

CACHE = Path(__file__).parent.parent / ".cache" / "go"
BUILD_SECONDS_MAX = 1500
FETCH_SECONDS_MAX = 240
QUICK = ("-gcflags=all=-N -l", "-ldflags=-s -w")
"""A program that runs for seconds is not worth optimising, nor debugging: a third of the build's time."""


@dataclass(frozen=True, slots=True)
class GoProgram:
    """A program: its name, the package that is built, and at which version."""

    name: str
    package: str
    version: str

    def path(self) -> Path:
        """Where it is, built if need be; raises `ProgramUnavailableError` where it can't be had."""
        installed = shutil.which(self.name)
        if installed is not None:
            return Path(installed)
        target = CACHE / f"{self.name}-{self.version}"
        with locked(_made(CACHE) / f"{self.name}.lock"):
            if not target.exists():
                self._build(target)
        return target

    def _build(self, target: Path) -> None:
        # What the build alone needs is several times the program: it goes when the program is there.
        with tempfile.TemporaryDirectory(dir=CACHE) as work:
            places = {"GOBIN": f"{work}/bin", "GOMODCACHE": f"{work}/modules", "GOCACHE": f"{work}/build"}
            go(["install", *QUICK, f"{self.package}@{self.version}"], self.name, places, BUILD_SECONDS_MAX)
            (Path(work) / "bin" / self.name).rename(target)


@dataclass(frozen=True, slots=True)
class GoModule:
    """A module's source at a version."""

    module: str
    version: str

    def path(self) -> Path:
        """The folder that it lies in, fetched if need be; raises `ProgramUnavailableError` where it can't be had."""
        name = f"{self.module}@{self.version}"
        with locked(_made(CACHE) / "modules.lock"):
            said = go(["mod", "download", "-json", name], name, {"GOMODCACHE": f"{CACHE}/modules"}, FETCH_SECONDS_MAX)
        return Path(orjson.loads(said)["Dir"])


def go(arguments: list[str], what: str, places: Mapping[str, str], within_s: int) -> str:
    """Run go with caches of our own; what it writes can be removed again."""
    if shutil.which("go") is None:
        raise ProgramUnavailableError(f"{what} is not here, and neither is go to make it with: install one of them")
    flags = {"GOFLAGS": "-modcacherw -mod=mod", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}
    # nice: tests that run beside a compiler are in more of a hurry.
    done = subprocess.run(
        ["nice", "-n", "5", "go", *arguments],
        cwd=CACHE,
        env={**os.environ, **places, **flags},
        capture_output=True,
        text=True,
        timeout=within_s,
        check=False,
    )
    if done.returncode != 0:
        reason = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no reason given"]
        raise ProgramUnavailableError(f"{what} is not here, and go can't fetch it: {reason[0]}")
    return done.stdout


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
