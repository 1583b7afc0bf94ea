"""The contest: baselines over the courses of the compared series, those that cost much in processes of their own."""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from rich.console import Console
from rich.progress import track

from load.backtest.baselines.registry import baseline
from load.backtest.courses import Course
from load.backtest.playing import Played, play

WARM_UP = Course("warm-up", 4, np.tile([1.0, 2.0, 4.0, 3.0], 10), (32,))
"""A course without a meaning: modules are loaded before any time is taken."""


@dataclass(frozen=True, slots=True)
class Bout:
    """One baseline on one series."""

    baseline: str
    course: Course


def hold_contest(
    names: Sequence[str], courses: Sequence[Course], horizon: int, console: Console
) -> dict[tuple[str, str], Played]:
    """What each baseline did on each series, by the names of both."""
    bouts = [Bout(name, course) for name in names for course in courses]
    cheap = [bout for bout in bouts if baseline(bout.baseline).needs is None]
    dear = [bout for bout in bouts if baseline(bout.baseline).needs is not None]
    played = {_key(bout): play(bout.baseline, bout.course, horizon) for bout in cheap}
    if dear:
        running = _in_processes(dear, horizon)
        played |= dict(track(running, "baselines", total=len(dear), console=console))
    return played


def _in_processes(bouts: Sequence[Bout], horizon: int) -> Iterator[tuple[tuple[str, str], Played]]:
    """Bouts as they end. Processes are spawned: forked ones would inherit locks of the threads of this one."""
    needed = tuple(dict.fromkeys([bout.baseline for bout in bouts]))
    workers = min(len(bouts), len(os.sched_getaffinity(0)))
    with ProcessPoolExecutor(workers, get_context("spawn"), warm_up, (needed,)) as pool:
        running = {pool.submit(play, bout.baseline, bout.course, horizon): bout for bout in bouts}
        for ended in as_completed(running):
            yield _key(running[ended]), ended.result()


def warm_up(names: Iterable[str]) -> None:
    """Run each baseline once, so that the first one measured does not pay for the loading of its modules."""
    for name in names:
        play(name, WARM_UP, 4)


def _key(bout: Bout) -> tuple[str, str]:
    return bout.baseline, bout.course.name
