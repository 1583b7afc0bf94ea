"""Apache Kafka itself: nodes in KRaft mode, controller and broker in one process."""

import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path
from string import Template

from load.brokers.broker import BrokerFailedError
from load.brokers.distribution import Distribution
from load.brokers.java import java_command
from load.brokers.local import LocalBroker
from load.brokers.ports import free_port
from load.brokers.programs import run

__all__ = ["ApacheKafka", "Place", "new_cluster_id"]

_FORMAT_WITHIN_S = 60.0
_DATA = "data"
_HEAP = ["-Xms128m", "-Xmx512m"]


def new_cluster_id() -> str:
    """A random id in the form that Kafka wants: 16 bytes, base64 without padding."""
    return urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Place:
    """A node's place in its cluster: which one it is, from 1, and the ports of all nodes' controllers."""

    cluster_id: str
    number: int
    controller_ports: tuple[int, ...]

    @classmethod
    def alone(cls, controller_port: int) -> "Place":
        """That of the only node."""
        return cls(new_cluster_id(), 1, (controller_port,))

    def properties(self) -> dict[str, object]:
        """What server.properties has to say of it. Every node has a copy; all but one must take a record."""
        nodes = len(self.controller_ports)
        voters = [f"{number}@127.0.0.1:{port}" for number, port in enumerate(self.controller_ports, 1)]
        return {
            "number": self.number,
            "voters": ",".join(voters),
            "controller_port": self.controller_ports[self.number - 1],
            "replicas": nodes,
            "in_sync": max(1, nodes - 1),
        }


class ApacheKafka(LocalBroker):
    """One node of the release that deploy/kafka names.

    Making one checks that it can run here: raises `BrokerUnavailableError` without Java, Maven or deploy/kafka. The
    first ever fetches some 40 MB. It is alone, or has its `place` in a cluster.
    """

    def __init__(self, port: int | None = None, place: Place | None = None) -> None:
        super().__init__(port)
        self._place = place or Place.alone(free_port(other_than=self.port))
        self._java = java_command()
        self._distribution = Distribution()
        self._class_path = self._distribution.class_path()

    @property
    def name(self) -> str:
        """What it is, for people."""
        return f"Apache Kafka {self._distribution.version}"

    @property
    def data(self) -> Path:
        """Where its topics lie, while it runs."""
        assert self.directory is not None
        return self.directory / _DATA

    def _prepare(self, directory: Path) -> None:
        template = Template((self._distribution.pom.parent / "server.properties").read_text())
        properties = directory / "server.properties"
        properties.write_text(template.substitute(self._place.properties(), port=self.port, data=directory / _DATA))
        format_data = [
            "kafka.tools.StorageTool",
            "format",
            f"--cluster-id={self._place.cluster_id}",
            "--config",
            str(properties),
        ]
        # The just-in-time compiler's second stage only costs time in so short a run.
        done = run(self._java_command(["-XX:TieredStopAtLevel=1"], format_data), _FORMAT_WITHIN_S)
        if done.code != 0:
            raise BrokerFailedError(f"{self.name} cannot format its data directory:\n{done.said}")

    def _command(self, directory: Path) -> list[str]:
        return self._java_command(_HEAP, ["kafka.Kafka", str(directory / "server.properties")])

    def _java_command(self, options: list[str], main: list[str]) -> list[str]:
        logging = f"-Dlog4j2.configurationFile={self._distribution.pom.parent / 'log4j2.properties'}"
        return [self._java, *options, logging, "-cp", self._class_path, *main]
