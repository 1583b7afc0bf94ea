"""Fits of many series, in processes."""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from rich.console import Console
from rich.progress import track

from models.fit.course import Course
from models.fit.gains import SeriesFit, fit_series


def fit_all(courses: Sequence[Course], jobs: int | None, console: Console) -> list[SeriesFit]:
    """What each series tells of the gains, in their order; `jobs` processes, or one for each core."""
    workers = min(jobs or len(os.sched_getaffinity(0)), len(courses))
    # Spawned: forked ones would inherit locks of the threads of this one.
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        return list(track(pool.map(fit_series, courses), "gains", total=len(courses), console=console))
