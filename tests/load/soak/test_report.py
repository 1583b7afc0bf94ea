"""A soak's figures: what grows is told apart from what has only warmed up."""

import os

import pytest

from load.soak.footprint import Footprint, NoFootprintError, footprint
from load.soak.report import MIB, courses_of, document_of


def looks(rss_mib: list[float]) -> list[Footprint]:
    return [Footprint(60.0 * place, int(mib * MIB), 20, 5) for place, mib in enumerate(rss_mib)]


def test_a_process_that_warmed_up_does_not_grow() -> None:
    memory, descriptors, threads = courses_of(looks([100, 200, 300, *[300] * 6]))
    assert (memory.start, memory.first, memory.last, memory.highest) == (100, 300, 300, 300)
    assert memory.per_hour == pytest.approx(0, abs=1e-6)
    assert (descriptors.last, threads.last) == (20, 5)


def test_a_leak_is_told_by_its_size_an_hour() -> None:
    """One MiB a minute."""
    memory = courses_of(looks([100.0 + minute for minute in range(30)]))[0]
    assert memory.per_hour == pytest.approx(60)
    assert "when warm +60.00 an hour" in memory.line()


def test_the_document_holds_every_look() -> None:
    document = document_of(looks([1, 2, 3]), {"rate": 5})
    assert document["rate"] == 5
    assert [look["rss_bytes"] for look in document["footprints"]] == [MIB, 2 * MIB, 3 * MIB]


def test_our_own_footprint() -> None:
    seen = footprint(os.getpid(), 1.5)
    assert seen.second == 1.5
    assert seen.rss_bytes > 10 * MIB
    assert seen.descriptors > 2
    assert seen.threads > 0
    with pytest.raises(NoFootprintError, match="process 0"):
        footprint(0, 0.0)
