"""Several nodes of Apache Kafka that make one cluster, each with a copy of everything."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Self

from load.brokers.apache import ApacheKafka, Place, new_cluster_id
from load.brokers.ports import free_ports

__all__ = ["KafkaCluster"]


class KafkaCluster:
    """A context manager, as a single node is. Nodes may be killed and started one by one."""

    def __init__(self, size: int = 3) -> None:
        ports = free_ports(2 * size)
        cluster_id, controller_ports = new_cluster_id(), tuple(ports[size:])
        self.nodes = [
            ApacheKafka(port, Place(cluster_id, number, controller_ports))
            for number, port in enumerate(ports[:size], 1)
        ]

    @property
    def name(self) -> str:
        """What it is, for people."""
        return f"{len(self.nodes)} nodes of {self.nodes[0].name}"

    @property
    def bootstrap_servers(self) -> str:
        """Every node's `host:port`, with commas, for clients."""
        return ",".join([node.bootstrap_servers for node in self.nodes])

    def start(self) -> None:
        """Start all nodes, at once: none serves before most of them are there."""
        try:
            _at_once([node.start for node in self.nodes])
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop all nodes and remove their data; harmless when they do not run."""
        with ExitStack() as stack:
            for node in self.nodes:
                stack.callback(node.stop)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _at_once(calls: Iterable[Callable[[], None]]) -> None:
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(call) for call in calls]:
            done.result()
