"""What Linux tells of a process and of the machine; elsewhere less is known."""

import os
import platform
from math import nan
from pathlib import Path

_CPU_FIELDS = slice(11, 13)
"""utime and stime in /proc/PID/stat, counted behind the command in brackets."""


def cpu_seconds(pid: int) -> float:
    """CPU time that a process has used; nan where that can't be read."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return nan
    return sum([int(ticks) for ticks in fields[_CPU_FIELDS]]) / os.sysconf("SC_CLK_TCK")


def cpu_model() -> str:
    """What the machine calls its processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()
