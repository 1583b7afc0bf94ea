"""Apache Kafka's jars: fetched once from Maven Central into the checkout's cache, safely beside other test runs."""

import contextlib
import fcntl
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from load.brokers.broker import BrokerUnavailableError
from load.brokers.programs import run

__all__ = ["Distribution"]

_CHECKOUT = Path(__file__).parents[2]
_POM = _CHECKOUT / "deploy" / "kafka" / "pom.xml"
_CACHE = _CHECKOUT / ".cache" / "kafka"
_FETCH_WITHIN_S = 900.0
_OUTPUT_LINES = 15


class Distribution:
    """One release of Apache Kafka, as `pom` describes it, kept under `cache`.

    A finished download appears whole, by a rename, and carries the pom it was made from: a pom that has changed since
    makes it stale.
    """

    def __init__(self, pom: Path = _POM, cache: Path = _CACHE) -> None:
        if not pom.exists():
            raise BrokerUnavailableError(
                f"Apache Kafka is fetched with {pom.name} of foreshock's sources, which is not at {pom}: "
                "run this from a checkout, or connect to a broker of yours"
            )
        self.pom = pom
        self.cache = cache
        self.version = _version(pom)
        self.directory = cache / self.version

    def class_path(self) -> str:
        """What to hand to `java -cp`; fetches the jars when they are not there yet."""
        if not self.is_complete():
            self.cache.mkdir(parents=True, exist_ok=True)
            with _locked(self.cache / f"{self.version}.lock"):
                if not self.is_complete():  # another process may have fetched while we waited
                    self._fetch()
        return str(self.directory / "libs" / "*")

    def is_complete(self) -> bool:
        """Whether the jars are here, all of them, for this very pom."""
        made_from = self.directory / self.pom.name
        return made_from.exists() and made_from.read_bytes() == self.pom.read_bytes()

    def _fetch(self) -> None:
        partial = Path(tempfile.mkdtemp(prefix="partial-", dir=self.cache))
        try:
            _copy_dependencies(self.pom, partial / "libs")
            shutil.copy(self.pom, partial)
            shutil.rmtree(self.directory, ignore_errors=True)
            partial.rename(self.directory)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def _version(pom: Path) -> str:
    match = re.search(r"<kafka\.version>([\w.-]+)</kafka\.version>", pom.read_text())
    assert match is not None, f"{pom} must name its kafka.version"
    return match[1]


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the file's lock; the system releases it even when we are killed."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _copy_dependencies(pom: Path, target: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise BrokerUnavailableError(
            "fetching Apache Kafka needs Maven, and there is no `mvn` on the PATH: install it "
            "(Debian, Ubuntu: apt install maven)"
        )
    command = [maven, "--batch-mode", "--quiet", "--strict-checksums", "-Dstyle.color=never", f"--file={pom}"]
    command += ["dependency:copy-dependencies", f"-DoutputDirectory={target}"]
    done = run(command, _FETCH_WITHIN_S)
    if done.code != 0:
        output = "\n".join(done.said.splitlines()[:_OUTPUT_LINES])
        raise BrokerUnavailableError(
            f"Maven could not fetch Apache Kafka (is Maven Central reachable, directly or by a mirror in "
            f"~/.m2/settings.xml?). It said:\n{output}"
        )
