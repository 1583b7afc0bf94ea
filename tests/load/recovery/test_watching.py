"""What is read of a worker from the outside."""

import os
from math import isnan

import pytest

from load.recovery.memory import peak_bytes, peak_of
from load.recovery.worker import said_at

LOG = """a line of somebody else
{"event":"worker starts","time":"2026-11-25T17:43:38.500000Z"}
{"event":"forecast ready","time":"2026-11-25T17:44:06.750000Z"}
{"event":"forecast ready","time":"2026-11-25T17:59:00.000000Z"}
{"event":"cut off in the mid"""


def test_the_first_time_of_every_word_counts() -> None:
    times = said_at(LOG)
    assert times.keys() == {"worker starts", "forecast ready"}
    assert times["forecast ready"] - times["worker starts"] == pytest.approx(28.25)


def test_peak_memory_is_in_bytes() -> None:
    assert peak_of("Name:\tpython\nVmHWM:\t    2048 kB\nVmRSS:\t 1024 kB\n") == 2_097_152
    assert isnan(peak_of("Name:\tpython\n"))


def test_our_own_peak_is_known() -> None:
    assert 1e6 < peak_bytes(os.getpid()) < 1e12


def test_nobody_has_no_peak() -> None:
    assert isnan(peak_bytes(2**22 + 1))
