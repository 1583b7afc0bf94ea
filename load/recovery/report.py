"""The results: lines and tables for people, a document for programs."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from load.recovery.run import Check, Result
from load.recovery.sizes import Cost, Size, costs, document_of, total

MB = 1e6


def lines_of(result: Result) -> Iterator[str]:
    """The recovery, for people."""
    stock, raw, recovery = result.stock, result.raw, result.recovery
    mb = stock.changelog_bytes / MB
    yield (
        f"changelog: {stock.changelog_records:,} records, {mb:,.0f} MB, {result.disk_bytes / MB:,.0f} MB on disk"
        f" (checkpoints: {result.plan.checkpoints})"
    )
    yield f"start:     {recovery.connected_s:.1f} s until the worker connects"
    yield (
        f"load:      {recovery.load_s:.1f} s, {mb / recovery.load_s:,.0f} MB/s,"
        f" {recovery.cpu_load_s:.1f} s of CPU with the start;"
        f" raw aiokafka {raw.seconds:.1f} s, {raw.payload_bytes / MB / raw.seconds:,.0f} MB/s, {raw.cpu_s:.1f} s of CPU"
    )
    yield (
        f"replay:    {recovery.replay_s:.1f} s for {result.plan.replayed_samples:,} samples,"
        f" {result.plan.replayed_samples / recovery.replay_s:,.0f} samples/s, {recovery.cpu_replay_s:.1f} s of CPU;"
        f" {result.check.forecasts_due:,} forecasts in it"
    )
    yield f"recovered: {recovery.done_s:.1f} s after the start of the process"
    loading, peak = recovery.peak_loading_bytes / MB, recovery.peak_bytes / MB
    yield f"memory:    {loading:,.0f} MB at most while loading, {peak:,.0f} MB in all"
    yield from _verdict(result.check)
    if recovery.last_checkpoint_s is None:
        yield f"the end:   {recovery.last_words}"
    else:
        yield f"the end:   {recovery.last_checkpoint_s:.1f} s, with a last checkpoint of everything"


def _verdict(check: Check) -> Iterator[str]:
    word = "right" if check.is_right else "WRONG"
    behind = "not known" if check.uncommitted is None else f"{check.uncommitted:,}"
    yield (
        f"checked:   {word}; {check.forecasts:,} of {check.forecasts_due:,} forecasts,"
        f" {check.witnessed - len(check.differing):,} of {check.witnessed:,} compared are those of a plain fold;"
        f" records behind the last checkpoint: {behind}"
    )
    for key in check.differing[:3]:
        yield f"  differs: {key}"


def sections_table(sizes: Mapping[str, Size], series: int) -> Table:
    """Bytes of a checkpoint per series, by kind of section."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("a checkpoint's", "bytes/series", "zstd", "share"):
        table.add_column(heading, justify="left" if not table.columns else "right")
    everything = total(sizes)
    for kind, size in sorted(sizes.items(), key=lambda each: -each[1].zstd):
        table.add_row(
            kind, f"{size.plain / series:,.1f}", f"{size.zstd / series:,.1f}", f"{size.zstd / everything.zstd:.1%}"
        )
    table.add_section()
    table.add_row("total", f"{everything.plain / series:,.1f}", f"{everything.zstd / series:,.1f}", "")
    return table


def costs_table(result: Result) -> Table:
    """What checkpoints cost at some intervals."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("interval", "bytes/sample", "zstd", "replay, samples at most", "about"):
        table.add_column(heading, justify="left" if not table.columns else "right")
    for cost in costs_of(result):
        table.add_row(
            f"{cost.minutes} min",
            f"{cost.plain_per_sample:,.0f}",
            f"{cost.zstd_per_sample:,.0f}",
            f"{cost.replayed_samples:,}",
            f"{_replay_s(result, cost):,.0f} s",
        )
    return table


def costs_of(result: Result) -> list[Cost]:
    """The cost of checkpoints like the last one, of all series of the plan."""
    of_all, share = total(result.stock.sizes), result.plan.series / result.stock.sized_series
    return costs(Size(round(of_all.plain * share), round(of_all.zstd * share)), result.plan.series)


def _replay_s(result: Result, cost: Cost) -> float:
    return cost.replayed_samples / result.plan.replayed_samples * result.recovery.replay_s


def document(result: Result, machine: Mapping[str, object], broker: str) -> dict[str, Any]:
    """Everything, for programs."""
    stock, raw, recovery, plan = result.stock, result.raw, result.recovery, result.plan
    return {
        "machine": machine,
        "broker": broker,
        "plan": {**asdict(plan), "series": plan.series, "replayed_samples": plan.replayed_samples},
        "changelog": {
            "records": stock.changelog_records,
            "bytes": stock.changelog_bytes,
            "bytes_on_disk": result.disk_bytes,
        },
        "recovery": {
            **asdict(recovery),
            "load_s": recovery.load_s,
            "load_bytes_per_s": stock.changelog_bytes / recovery.load_s,
            "replay_s": recovery.replay_s,
            "replay_samples_per_s": plan.replayed_samples / recovery.replay_s,
        },
        "raw": {**asdict(raw), "bytes_per_s": raw.payload_bytes / raw.seconds},
        "check": {**asdict(result.check), "is_right": result.check.is_right},
        "sections": document_of(stock.sizes, stock.sized_series),
        "intervals": [{**asdict(cost), "replay_s": _replay_s(result, cost)} for cost in costs_of(result)],
    }
