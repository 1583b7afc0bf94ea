"""The comparison as a picture: what each policy costs and what falls short; and one day of two of them."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from load.autoscaling.contest import KEDA, Entry
from load.autoscaling.policies import Service
from load.autoscaling.trace import Trace
from load.backtest.charts import STYLE
from load.backtest.palette import LIGHT, OTHERS

SIZE_IN = (11.0, 4.6)
DAY_MINUTES = 1_440
DRAWN_TARGETS = {KEDA: 0.8, "foreshock, q 0.9": 0.9}
COLOURS = [LIGHT["naive"], LIGHT["forecast"]]


def write_plot(path: Path, entries: Sequence[Entry], trace: Trace, service: Service) -> None:
    """Draw into a file, whose suffix tells the format. The day is the one with the largest load that is scored."""
    with mpl.rc_context(STYLE | {"figure.facecolor": LIGHT["paper"]}):
        figure = Figure(figsize=SIZE_IN)
        costs, day = figure.subplots(1, 2)
        _costs(costs, entries)
        _day(day, entries, trace, service)
        figure.savefig(path, dpi=120)


def _costs(axes: mpl.axes.Axes, entries: Sequence[Entry]) -> None:
    colours = [LIGHT["ink"], LIGHT["pale"], LIGHT["naive"], LIGHT["quiet"], *OTHERS]
    for entry, colour in zip(entries, colours, strict=True):
        hours = [result.replica_hours for result in entry.results]
        short = [max(100 * result.short_minutes / result.minutes, 1e-3) for result in entry.results]
        alone = len(hours) == 1
        axes.plot(
            *(hours, short, "*" if alone else ".-"),
            label=entry.name,
            linewidth=1,
            markersize=10 if alone else 4,
            color=colour,
        )
    axes.set(title="Minutes that fall short, %, by cost", xlabel="replica-hours", yscale="log")
    axes.legend()


def _day(axes: mpl.axes.Axes, entries: Sequence[Entry], trace: Trace, service: Service) -> None:
    count = entries[0].results[0].minutes
    load = trace.load[-count:]
    # The busiest whole day by its median: a spike alone does not make one.
    begins = range(0, max(count - DAY_MINUTES, 0) + 1, DAY_MINUTES)
    days = [float(np.median(load[begin : begin + DAY_MINUTES])) for begin in begins]
    begin = int(np.argmax(days)) * DAY_MINUTES
    hours = np.arange(min(DAY_MINUTES, count - begin)) / 60
    shown = slice(begin, begin + len(hours))
    axes.plot(hours, load[shown], color=LIGHT["pale"], linewidth=0.6, label="load")
    named = {entry.name: entry for entry in entries}
    for (name, target), colour in zip(DRAWN_TARGETS.items(), COLOURS, strict=True):
        ready = named[name].at(target).ready[shown] * service.capacity
        axes.plot(hours, ready, color=colour, linewidth=1, drawstyle="steps-post", label=f"{name} at {target:g}")
    axes.set(title="The busiest day: load, and what the ready replicas carry", xlabel="hour of the day", ylim=(0, None))
    axes.legend()
