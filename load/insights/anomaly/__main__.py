"""``python -m load.insights.anomaly FOLDER``: how well the anomaly scores find what people labelled.

All recordings go through the banks side by side, with the engine's defaults and no setting for any of them; what forms
of labels are read, see `labelled`.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from load.insights.anomaly.labelled import WINDOWS_FILE, labelled
from load.insights.anomaly.playing import scores
from load.insights.anomaly.scoring import at, best, best_episodes, episodes_at, halves, marked
from streams.cli.errors import UserError

FIXED = (0.8, 0.85, 0.9, 0.95)
"""Thresholds that no recording has chosen."""


def lines(folder: Path) -> Iterator[str]:
    """The report of one folder."""
    recordings = list(labelled(folder))
    if not recordings:
        raise UserError(f"{folder} has no CSV file with labels")
    found = scores(recordings)
    spans, rows = sum(len(each.spans) for each in recordings), sum(len(each.value) for each in recordings)
    yield f"{len(recordings)} files, {rows:,} samples, {spans} labelled anomalies"
    if (folder / WINDOWS_FILE).exists():
        marks = [marked(*pair) for pair in zip(recordings, found, strict=True)]
        threshold, score = best(marks)
        yield f"NAB standard profile: {score:.1f} at the threshold {threshold:.4f}, the best for all files"
        if len(marks) > 1:
            split = halves(marks)
            yield f"  with the threshold from the other half of the files: {split.mean():.1f} (sd {split.std():.1f})"
        yield from [f"  at {fixed}: {at(marks, fixed):.1f}" for fixed in FIXED]
    threshold, episodes = best_episodes(recordings, found)
    yield (
        f"episodes: F1 {episodes.f1:.3f} at {threshold:.4f}: found {episodes.found} of "
        f"{episodes.found + episodes.missed}, {episodes.false} false, "
        f"{1000 * (episodes.found + episodes.false) / rows:.2f} alarms per 1,000 samples"
    )
    for fixed in FIXED:
        told = episodes_at(recordings, found, fixed)
        yield f"  at {fixed}: F1 {told.f1:.3f}, found {told.found}, {told.false} false"


def main() -> None:
    """Print the report of each folder."""
    if len(sys.argv) < 2:
        raise SystemExit("usage: python -m load.insights.anomaly FOLDER...")
    for folder in sys.argv[1:]:
        print(folder)
        for line in lines(Path(folder)):
            print(f"  {line}", flush=True)


if __name__ == "__main__":
    main()
