"""A recording's live predictions against its backtest's, run by run."""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import orjson
from rich.console import Console

from load.recordings.recording import Recording
from load.verify.compare import KINDS, Comparison, Prediction, compare
from load.verify.live import LiveResult, LiveRun, run_live
from streams.cli.errors import UserError


class BacktestFailedError(UserError):
    """The backtest that the live runs are compared with ended badly."""


def expected_predictions(recording: Path, config: Path, metrics: Sequence[str]) -> list[Prediction]:
    """What `foreshock backtest --records` makes of the recording, with the worker's own settings."""
    with tempfile.TemporaryDirectory(prefix="foreshock-verify-") as directory:
        command = [sys.executable, "-m", "streams.cli", "backtest", str(recording), "--config", str(config)]
        command += ["--records", "--out", directory]
        for metric in metrics:
            command += ["--metrics", metric]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own command
        if done.returncode != 0:
            raise BacktestFailedError(f"the backtest failed:\n{done.stderr[-2000:]}")
        return [record for record in _read(Path(directory) / "records.jsonl") if record.kind in KINDS]


async def verify_runs(
    runs: Sequence[LiveRun], recording: Recording, expected: Sequence[Prediction], console: Console
) -> bool:
    """Do every run, compare and tell; whether all agree."""
    agreed = True
    for run in runs:
        fresh = f"{run.prefix}-{uuid4().hex[:8]}"
        result = await run_live(replace(run, prefix=fresh, topic=f"{fresh}-telemetry"), recording, console)
        comparison = await asyncio.to_thread(compare, expected, result.predictions)
        _tell(run, result, comparison, console)
        agreed &= comparison.agrees and result.hostile <= result.rejected
    return agreed


def _read(path: Path) -> Iterator[Prediction]:
    with path.open("rb") as lines:
        for line in lines:
            record = orjson.loads(line)
            kind = record["topic"].rpartition(".")[2]
            if kind != "rejects":
                headers = tuple([(name, value) for name, value in record["headers"].items()])
                yield Prediction(kind, record["key"], record["value"], headers)


def _tell(run: LiveRun, result: LiveResult, comparison: Comparison, console: Console) -> None:
    speed = "max" if run.speed is None else f"{run.speed:g} times"
    console.print(f"speed {speed}, {run.batch} a message, fetch {run.fetch_bytes} bytes")
    console.print(f"  {result.samples:,} samples in {result.seconds:.0f} s, {result.kills} times killed")
    counts = ", ".join(
        [f"{count:,} of {comparison.expected[kind]:,} {kind}" for kind, count in comparison.found.items()]
    )
    console.print(f"  {counts}; {comparison.duplicates:,} duplicates dropped")
    console.print(f"  rejects: {result.reasons}")
    if run.hostile:
        lost = len(result.hostile - result.rejected)
        console.print(f"  {len(result.hostile):,} hostile messages, {lost} without a reject")
    for difference in comparison.differences[:5]:
        console.print(f"  DIFFERS {difference}", soft_wrap=True, markup=False)
    console.print("  equal" if comparison.agrees else f"  {len(comparison.differences):,} keys DIFFER")
