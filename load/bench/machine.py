"""The machine and the versions, without which a rate says nothing."""

import os
from collections.abc import Mapping

from load.bench.processes import cpu_model
from streams.cli.versions import versions


def machine_facts() -> dict[str, object]:
    """Processor, cores that this process may use, load before the start, versions."""
    return {
        "cpu": cpu_model(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load_1m": round(os.getloadavg()[0], 2),
        "versions": versions(),
    }


def machine_line(facts: Mapping[str, object], broker: str) -> str:
    """The facts in one line."""
    named = facts["versions"]
    assert isinstance(named, dict)
    listed = ", ".join([f"{name} {number}" for name, number in named.items()])
    return f"{facts['cpu']}, {facts['cores']} cores, load {facts['load_1m']} before; {broker}; {listed}"
