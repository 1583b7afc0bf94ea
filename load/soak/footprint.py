"""What a process takes of the machine, as Linux tells it."""

from pathlib import Path
from typing import NamedTuple


class Footprint(NamedTuple):
    """A process at one moment; `second` counts from the beginning of the soak."""

    second: float
    rss_bytes: int
    descriptors: int
    threads: int


class NoFootprintError(Exception):
    """The process has ended, or this is not Linux."""


def footprint(pid: int, second: float) -> Footprint:
    """Look at a process.

    Raises
    ------
    NoFootprintError
        If there is nothing to see.
    """
    process = Path("/proc") / str(pid)
    try:
        status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines() if ":" in line)
        descriptors = len(list((process / "fd").iterdir()))
        return Footprint(second, int(status["VmRSS"].split()[0]) * 1024, descriptors, int(status["Threads"]))
    except (OSError, KeyError) as error:
        raise NoFootprintError(f"nothing is known of process {pid}: {error}") from error
