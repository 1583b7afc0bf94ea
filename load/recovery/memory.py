"""How much memory a process has used at the most, as Linux tells; elsewhere it is not known."""

from math import nan
from pathlib import Path

_PEAK = "VmHWM:"
_KIB = 1024


def peak_bytes(pid: int) -> float:
    """Peak resident memory of a process; nan where that can't be read."""
    try:
        return peak_of(Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return nan


def peak_of(status: str) -> float:
    """The same, of what /proc/PID/status holds."""
    found = [line.removeprefix(_PEAK).split()[0] for line in status.splitlines() if line.startswith(_PEAK)]
    return float(found[0]) * _KIB if found else nan
