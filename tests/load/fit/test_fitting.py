"""Fits in processes are those of one process, in order."""

import numpy as np
from rich.console import Console

from load.fit.fitting import fit_all
from models.fit.course import Course

QUIET = Console(quiet=True)


def test_the_number_of_processes_changes_nothing() -> None:
    rng = np.random.default_rng(1)
    courses = [Course(60_000, 0, np.cumsum(rng.normal(size=250)) + rng.normal(0, n, 250)) for n in range(3)]
    alone = fit_all(courses, 1, QUIET)
    assert fit_all(courses, 2, QUIET) == alone
    assert alone[0].gains["level_fast"] > alone[2].gains["level_fast"]


def test_no_series_have_no_fits() -> None:
    assert fit_all([], None, QUIET) == []
