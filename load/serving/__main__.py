"""How fast `foreshock serve` answers with a large fleet behind it, beside FastAPI's own answer to nothing.

python -m load.serving --series 100000 --wrk /usr/bin/wrk
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import click
import orjson
import yaml
from rich.console import Console
from rich.table import Table

from load.brokers.ports import free_port
from load.recovery.memory import peak_bytes
from load.serving.filled import TRIVIAL
from load.serving.wrk import Latency, run_wrk

FILLED_WITHIN_S = 900.0
CONFIG = {
    "sources": [{"topic": "telemetry", "entity": ["host", "service", "volume"], "step": "2m"}],
    "capacity": [
        {"name": "disk", "metric": "volume_used_bytes", "limit": {"metric": "volume_capacity_bytes"}},
        {"name": "memory", "metric": "memory_used_bytes", "limit": {"metric": "memory_total_bytes"}},
    ],
    "failures": [
        {"name": "errors", "metric": "error_rate", "above": 0.05, "for": "6m", "within": "1h"},
        {"name": "cpu", "metric": "cpu_usage_percent", "above": 90, "for": "10m", "within": "6h"},
    ],
}


@click.command()
@click.option("--series", type=click.IntRange(min=100), default=100_000, show_default=True)
@click.option("--seconds", type=click.IntRange(min=1), default=10, show_default=True, help="For each address.")
@click.option("--connections", type=click.IntRange(min=1), default=8, show_default=True)
@click.option("--wrk", default="wrk", show_default=True, help="Where wrk is.")
@click.option("--records", type=click.Path(path_type=Path), help="records.jsonl of a backtest; else one is made.")
def main(series: int, seconds: int, connections: int, wrk: str, records: Path | None) -> None:
    """Fill a server and measure it."""
    with tempfile.TemporaryDirectory(prefix="foreshock-serving-") as directory:
        records = records or _records(Path(directory))
        port = free_port()
        command = [sys.executable, "-m", "load.serving.filled", str(records), str(series), str(port)]
        begun_s = time.monotonic()
        with subprocess.Popen(command) as server:  # noqa: S603
            try:
                _wait(f"http://127.0.0.1:{port}", server)
                filled_s = time.monotonic() - begun_s
                table = _table(series)
                for name, url in _addresses(f"http://127.0.0.1:{port}"):
                    _add(table, name, run_wrk(wrk, url, connections, seconds, os.environ))
                Console(width=120).print(table)
                peak = peak_bytes(server.pid)
                print(
                    f"filled in {filled_s:.0f} s; {peak / 2**30:.2f} GiB at most, {peak / series:,.0f} bytes a series"
                )
            finally:
                server.terminate()


def _records(directory: Path) -> Path:
    """What a worker says of a small fleet."""
    (directory / "foreshock.yaml").write_text(yaml.safe_dump(CONFIG))
    fleet, results = directory / "fleet.parquet", directory / "results"
    foreshock = [sys.executable, "-m", "streams.cli"]
    generate = ["generate", "--days", "1.2", "--step", "2m", "--out", str(fleet)]
    backtest = ["backtest", str(fleet), "--config", str(directory / "foreshock.yaml"), "--records", "--out"]
    for arguments in (generate, [*backtest, str(results)]):
        subprocess.run([*foreshock, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return results / "records.jsonl"


def _wait(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + FILLED_WITHIN_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"{address}/readyz", timeout=30):  # noqa: S310
                return
        except (URLError, OSError):
            time.sleep(0.5)
    raise click.ClickException("the server did not get ready")


def _addresses(address: str) -> Iterator[tuple[str, str]]:
    """What is asked for: the page's own questions, and filters that fit a fortieth of the fleet, or one series."""
    api = f"{address}/api/v1"
    with urlopen(f"{api}/series?limit=1&metric=*_used_bytes", timeout=60) as answer:  # noqa: S310
        name = quote(orjson.loads(answer.read())["items"][0]["series"])
    yield "trivial FastAPI endpoint", f"{address}{TRIVIAL}"
    yield "/status", f"{api}/status"
    yield "/capacity, 50 most urgent", f"{api}/capacity"
    yield "/capacity with sparklines", f"{api}/capacity?spark=1"
    yield "/capacity of a namespace", f"{api}/capacity?label=namespace=ns-07"
    yield "/failures, 50 most likely", f"{api}/failures"
    yield "/quality, 50 worst", f"{api}/quality"
    yield "/series, first 50", f"{api}/series"
    yield "/series by words", f"{api}/series?q=used+c00123"
    yield "/series/one", f"{api}/series/one?series={name}"
    yield "/forecast", f"{api}/forecast?series={name}"


def _table(series: int) -> Table:
    table = Table(title=f"{series:,} series", box=None)
    table.add_column("asked for")
    for column in ("p50 ms", "p99 ms", "answers/s", "errors"):
        table.add_column(column, justify="right")
    return table


def _add(table: Table, name: str, latency: Latency) -> None:
    figures = (f"{latency.p50_ms:.1f}", f"{latency.p99_ms:.1f}", f"{latency.per_s:,.0f}", str(latency.errors))
    table.add_row(name, *figures)


if __name__ == "__main__":
    main()
