"""Other projects' programs that tests run: a browser, Prometheus, Alertmanager.

One on the PATH is taken. Otherwise Debian's package, with what it needs and this machine lacks, is unpacked into the
checkout's `.cache`: nothing is installed, and no rights are needed.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from tests.brokers import NO_PROGRAM, on_ci

CACHE = Path(__file__).parent.parent / ".cache" / "debian"
DOWNLOAD_SECONDS_MAX = 600


class ProgramUnavailableError(Exception):
    """A program is neither here nor to be had; the message says what was tried and what to do."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program to run: where it is, and what its environment must have."""

    path: str
    environment: Mapping[str, str]


def program(name: str, package: str, at: str | None = None) -> Program:
    """A program that is on the PATH, or in a Debian package.

    Parameters
    ----------
    name
        As it would be called.
    package
        The Debian package that has it.
    at
        Where in the package it is, if that is not ``usr/bin/<name>``: some are started by a script with own paths.
    """
    installed = shutil.which(name)
    if installed is not None:
        return Program(installed, {})
    root = _unpacked(name, package)
    path = root / (at or f"usr/bin/{name}")
    if not path.is_file():
        raise ProgramUnavailableError(f"{name} is not in Debian's {package}: no {path.relative_to(root)} there")
    libraries = sorted({str(library.parent) for library in root.rglob("*.so*")})
    return Program(str(path), {"LD_LIBRARY_PATH": ":".join(libraries)})


def give_up(error: ProgramUnavailableError, environment: Mapping[str, str]) -> NoReturn:
    """Fail where everything must be tested, which is in CI; skip elsewhere."""
    if on_ci(environment):
        raise pytest.fail.Exception(f"{error} (CI is set, so this is a failure)", pytrace=False) from None
    pytest.skip(f"{NO_PROGRAM}{error}")


def _unpacked(name: str, package: str) -> Path:
    target = CACHE / package
    CACHE.mkdir(parents=True, exist_ok=True)
    with locked(CACHE / f"{package}.lock"):
        if not target.is_dir():
            partial = Path(tempfile.mkdtemp(prefix="partial-", dir=CACHE))
            try:
                _download(name, package, partial)
                (partial / "root").rename(target)
            finally:
                shutil.rmtree(partial, ignore_errors=True)
    return target


def _download(name: str, package: str, folder: Path) -> None:
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise ProgramUnavailableError(f"{name} is not on the PATH, and this is no Debian to fetch it from: install it")
    for part in ("lists/partial", "cache/archives/partial", "root"):
        (folder / part).mkdir(parents=True)
    # Lists and archives of its own, so that neither the machine's are touched nor its lock is needed.
    apt = ["apt-get", "-qq", "-o", f"Dir::State::Lists={folder}/lists", "-o", f"Dir::Cache={folder}/cache"]
    apt += ["-o", "Debug::NoLocking=1", "-o", f"APT::Sandbox::User={os.environ.get('USER', 'root')}"]
    _run([*apt, "update"], name)
    _run([*apt, "install", "--download-only", "--no-install-recommends", "--yes", package], name)
    for archive in sorted((folder / "cache" / "archives").glob("*.deb")):
        _run(["dpkg-deb", "--extract", str(archive), str(folder / "root")], name)


def _run(command: list[str], name: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS_MAX, check=False)
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise ProgramUnavailableError(f"{name} is not on the PATH, and {command[0]} can't fetch it: {reason[0]}")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
