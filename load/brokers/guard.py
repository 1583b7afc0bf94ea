"""A small process between us and a broker, so that the broker never outlives us, however we end.

    python guard.py DIRECTORY LOG COMMAND...

It runs COMMAND with its output in LOG, writes its process id to standard output, and ends when it ends. A byte on
standard input, or its end, which is what our death means even by kill -9, makes it stop COMMAND and remove DIRECTORY.
So a clean stop and a sudden death take the same path. Should the guard itself be killed, Linux kills COMMAND.

Run by file name, so it may import the standard library only.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading

STOP_GRACE_S = 10.0
_PR_SET_PDEATHSIG = 1


def guard(directory: str, log: str, command: list[str]) -> int:
    """Run `command` to its end, or until we are told; its return code."""
    with open(log, "ab") as output:
        child = subprocess.Popen(  # noqa: S603 - the command is our parent's
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent,  # safe: this process has one thread as yet
        )
    print(child.pid, flush=True)
    told = threading.Event()
    threading.Thread(target=_stop_when_told, args=(child, told), daemon=True).start()
    code = child.wait()
    if told.is_set():
        shutil.rmtree(directory, ignore_errors=True)
    return code


def _die_with_parent() -> None:
    """Between fork and exec: have Linux kill this process when its parent ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _stop_when_told(child: subprocess.Popen[bytes], told: threading.Event) -> None:
    os.read(sys.stdin.fileno(), 1)
    told.set()
    child.terminate()
    try:
        child.wait(STOP_GRACE_S)
    except subprocess.TimeoutExpired:
        child.kill()


if __name__ == "__main__":
    sys.exit(guard(sys.argv[1], sys.argv[2], sys.argv[3:]))
