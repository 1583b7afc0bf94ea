"""Every fuzz target for a moment; `python -m tests.fuzz.run` goes on for as long as it is told."""

import pytest

from tests.fuzz.targets import TARGETS, runner_of


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_that_comes_breaks_a_decoder(name: str) -> None:
    runner_of(name, examples=60)()
