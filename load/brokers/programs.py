"""Run another program to its end, and keep what it said."""

import subprocess
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Outcome", "run"]


class Outcome(NamedTuple):
    """How a program ended: its return code, and its standard output and error together."""

    code: int
    said: str


def run(command: Sequence[str], within_s: float) -> Outcome:
    """Run `command`, which must end within the time: `subprocess.TimeoutExpired` otherwise."""
    done = subprocess.run(  # noqa: S603 - the commands are ours, a list of arguments, no shell
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=within_s, check=False
    )
    return Outcome(done.returncode, done.stdout)
