"""Fits of many series, in processes."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from rich.console import Console
from rich.progress import track

from models.fit.course import Course
from models.fit.gains import SeriesFit, fit_series


def fit_all(courses: Sequence[Course], jobs: int | None, console: Console) -> list[SeriesFit]:
    """What each series tells of the gains, in their order; `jobs` processes, or one for each core."""
    workers = min(jobs or len(os.sched_getaffinity(0)), len(courses))
    if workers <= 1:
        return _watched(map(fit_series, courses), len(courses), console)
    # Spawned: forked ones would inherit locks of the threads of this one.
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        return _watched(pool.map(fit_series, courses), len(courses), console)


def _watched(fits: Iterator[SeriesFit], total: int, console: Console) -> list[SeriesFit]:
    return list(track(fits, "gains", total=total, console=console))
