"""How `pytest -n 2` shares the files of tests out: what waits for brokers in one process, what computes in the other.

Files stand in one queue, those that use a broker at its front. The first process takes from the front, any other from
the back, and where they meet, they help each other out. So for most of a run it is one file with a broker and its
clients that runs beside one of a single thread: there is time for both, and seldom are two such crowds at once.
"""

from collections.abc import Iterable

import pytest
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

FIRST = "gw0"


class FromBothEnds(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types that it vouches for
    """Whole files, from the front of the queue for the first process and from the back for others."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        if node.gateway.id != FIRST:
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)


def queue(files: Iterable[str], with_broker: set[str]) -> list[str]:
    """The files in the order of the queue, each once: from either end they come as they were collected."""
    collected = list(dict.fromkeys(files))
    front = [file for file in collected if file in with_broker]
    return front + [file for file in reversed(collected) if file not in with_broker]


def queued(items: list[pytest.Item]) -> list[pytest.Item]:
    """Tests in the order of the queue of their files."""
    with_broker = {str(item.path) for item in items if uses_broker(item)}
    places = {file: place for place, file in enumerate(queue([str(item.path) for item in items], with_broker))}
    return sorted(items, key=lambda item: places[str(item.path)])


def uses_broker(item: pytest.Item) -> bool:
    """Whether it is marked so."""
    return any(item.get_closest_marker(name) for name in ("broker", "kafka"))
