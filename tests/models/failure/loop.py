"""One slot of the failure bank as a loop over plain floats, which settles everything at once."""

from math import isnan
from typing import NamedTuple

import numpy as np

from models.failure.tracks import STANDARD_MS

MINUTE_MS = 60_000


class Note(NamedTuple):
    at_ms: int
    p: float
    base: float
    frequency: float
    path: float


class Track:
    """One horizon."""

    def __init__(self, within_ms: int) -> None:
        self.within_ms = within_ms
        self.cell_ms = max(within_ms // 12, min(within_ms // 3, 5 * MINUTE_MS), 1)
        self.looked, self.noted = -1, -1
        self.looks: list[tuple[int, int]] = []
        self.notes: list[Note] = []
        self.hits, self.seen = [0.0] * 25, [0.0] * 25
        self.all_hits = self.all_seen = 0.0
        self.frequency_error = self.path_error = 0.0
        self.settled: list[tuple[float, float, float]] = []  # p, base, outcome

    def base(self) -> float:
        return (self.all_hits + 12 * 0.01) / (self.all_seen + 12)

    def frequency(self, condition: int) -> float:
        return (self.hits[condition] + 1) / (self.seen[condition] + 1 / self.base())

    def settle(self, now_ms: int, *, opened: bool) -> None:
        for at_ms, condition in self.looks:
            if opened or now_ms - at_ms >= self.within_ms:
                hit = float(opened and now_ms - at_ms <= self.within_ms)
                self.hits[condition] = 0.999 * self.hits[condition] + hit
                self.seen[condition] = 0.999 * self.seen[condition] + 1
                self.all_hits, self.all_seen = 0.999 * self.all_hits + hit, 0.999 * self.all_seen + 1
        for note in self.notes:
            if opened or now_ms - note.at_ms >= self.within_ms:
                hit = float(opened and now_ms - note.at_ms <= self.within_ms)
                self.settled.append((note.p, note.base, hit))
                if not isnan(note.path):
                    self.frequency_error = 0.98 * self.frequency_error + (note.frequency - hit) ** 2
                    self.path_error = 0.98 * self.path_error + (note.path - hit) ** 2
        self.looks = [] if opened else [look for look in self.looks if now_ms - look[0] < self.within_ms]
        self.notes = [] if opened else [note for note in self.notes if now_ms - note.at_ms < self.within_ms]

    def weight(self, path: float, every_ms: int) -> float:
        before = 0.4 * max(1.0, self.within_ms / max(self.cell_ms, every_ms) / 2)
        prior = 0.5 * len(self.settled) / (len(self.settled) + 4)
        ours, other = prior / (self.path_error + before) ** 3, 1 / (self.frequency_error + before) ** 3
        return path if isnan(path) else ours / (ours + other)

    def brier(self) -> float:
        return sum([(p - hit) ** 2 for p, _, hit in self.settled]) / len(self.settled) if self.settled else float("nan")

    def base_brier(self) -> float:
        return sum([(b - hit) ** 2 for _, b, hit in self.settled]) / len(self.settled) if self.settled else float("nan")


class Loop:
    """A rule, and one series under it."""

    def __init__(self, threshold: float, direction: int, for_ms: int, within_ms: int) -> None:
        self.threshold, self.direction, self.for_ms = threshold, direction, for_ms
        self.tracks = [Track(each) for each in sorted({*STANDARD_MS, within_ms})]
        self.own = [track.within_ms for track in self.tracks].index(within_ms)
        self.last_ms = self.start_ms = self.episode_ms = -1
        self.run_ms = self.seen = self.events = 0
        self.gap = self.usual_gap = 0.0
        self.in_episode = False
        self.warned_ms: int | None = None
        self.warnings = self.right = 0

    def update(self, now_ms: int, value: float, step_ms: int) -> None:
        silent = self.last_ms >= 0 and now_ms - self.last_ms - step_ms > max(self.for_ms, step_ms)
        self.gap = abs(value - self.threshold)
        self.seen += 1
        self.usual_gap += (self.gap - self.usual_gap) / min(self.seen, 256)
        if self.direction * (value - self.threshold) > 0:
            self.start_ms = now_ms if self.start_ms < 0 or silent else self.start_ms
            self.run_ms = now_ms - self.start_ms + step_ms
        else:
            self.start_ms, self.run_ms = -1, 0
        breaking = self.run_ms >= self.for_ms and self.run_ms > 0
        opened = breaking and (silent or not self.in_episode)
        self.in_episode, self.last_ms = breaking, now_ms
        self.episode_ms = now_ms if breaking else self.episode_ms
        self.events += opened
        if silent:
            self.warned_ms = None
        if opened and self.warned_ms is not None:
            self.warnings, self.right, self.warned_ms = self.warnings + 1, self.right + 1, None
        for track in self.tracks:
            if silent:
                track.looks, track.notes = [], []
            track.settle(now_ms, opened=opened)
            if not breaking and now_ms // track.cell_ms > track.looked:
                track.looks.append((now_ms, self.condition(track)))
                track.looked = now_ms // track.cell_ms

    def condition(self, track: Track) -> int:
        near = (self.gap < 0.5 * self.usual_gap) + (self.gap < 0.25 * self.usual_gap)
        if self.run_ms:
            near = 3 + (2 * self.run_ms > self.for_ms)
        windows = (self.last_ms - self.episode_ms) / track.within_ms if self.episode_ms >= 0 else float("inf")
        return 5 * sum([windows > edge for edge in (0.25, 1, 2, 4)]) + near

    def publish(self, paths: list[float], every_ms: int) -> list[float]:
        """The probabilities at the rule's horizons."""
        frequency = p = 0.0
        said = []
        for track, path in zip(self.tracks, paths, strict=False):
            frequency = max(frequency, track.frequency(self.condition(track)))
            weight = track.weight(path, every_ms)
            p = max(p, frequency if isnan(path) else (1 - weight) * frequency + weight * path)
            said.append(p)
            if not self.in_episode and self.last_ms // track.cell_ms > track.noted:
                halves = [float(np.float16(each)) for each in (p, track.base(), frequency, path)]
                track.notes.append(Note(self.last_ms, *halves))
                track.noted = self.last_ms // track.cell_ms
        if not self.in_episode:
            self._warn(said[self.own])
        return [1.0 for _ in said] if self.in_episode else said

    def _warn(self, p: float) -> None:
        if p >= 0.5:
            self.warned_ms = self.last_ms if self.warned_ms is None else self.warned_ms
        elif self.warned_ms is not None:
            self.warnings, self.warned_ms = self.warnings + 1, None
