"""Charts of the report: SVG text, to stand in the page itself."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from load.backtest.accuracy import HorizonErrors
from load.backtest.window import Window
from streams.settings.forecast import DECILES, MEDIAN

Floats = npt.NDArray[np.float64]

CAME, FORECAST, NAIVE, PALE = "#1b2733", "#1769aa", "#b3661b", "#8a949e"
MEDIAN_PLACE = DECILES.index(MEDIAN)

STYLE: Any = {
    "svg.fonttype": "none",  # Text stays text: smaller, and in the page's own font.
    "svg.hashsalt": "foreshock",  # The same run gives the same bytes.
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": PALE,
    "axes.grid": True,
    "grid.color": "#e6eaee",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "xtick.color": "#51606e",
    "ytick.color": "#51606e",
    "axes.labelcolor": "#51606e",
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
}


def error_chart(errors: HorizonErrors) -> str:
    """CRPS by steps ahead, beside seasonal naive's."""
    with _figure(4.6, 2.5) as (figure, axes):
        ahead = np.arange(1, len(errors.loss) + 1)
        axes.plot(ahead, _share(errors.naive_loss, errors.size), color=NAIVE, label="seasonal naive")
        axes.plot(ahead, _share(errors.loss, errors.size), color=FORECAST, label="foreshock")
        axes.set(title="Error (CRPS): lower is better", xlabel="steps ahead", ylim=(0, None))
        axes.legend()
        return _svg(figure)


def coverage_chart(errors: HorizonErrors) -> str:
    """How often the 80 % band held what came, by steps ahead."""
    with _figure(4.6, 2.5) as (figure, axes):
        ahead = np.arange(1, len(errors.loss) + 1)
        axes.axhline(80, color=NAIVE, linewidth=1, linestyle="--", label="what it promises")
        axes.plot(ahead, 100 * _share(errors.inside, errors.samples), color=FORECAST, label="foreshock")
        axes.set(title="Samples inside the 80 % band, %", xlabel="steps ahead", ylim=(0, 103))
        axes.legend(loc="lower right")
        return _svg(figure)


def fan_chart(window: Window, place: int) -> str:
    """One series: its forecast at the window's origin, and what came."""
    made = window.forecasts
    step_ms, horizon = int(made.step_ms[place]), window.actual.shape[1]
    origin_ms = made.origin_ms // step_ms * step_ms
    before = _instants(origin_ms, step_ms, np.arange(1 - horizon, 1))
    after = _instants(origin_ms, step_ms, np.arange(1, horizon + 1))
    quantiles = made.quantiles[place]
    with _figure(4.6, 2.1) as (figure, axes):
        axes.fill_between(after, quantiles[:, 0], quantiles[:, -1], color=FORECAST, alpha=0.16, linewidth=0)
        axes.fill_between(after, quantiles[:, 2], quantiles[:, -3], color=FORECAST, alpha=0.22, linewidth=0)
        axes.plot(after, quantiles[:, MEDIAN_PLACE], color=FORECAST, linewidth=1.2)
        came = np.concatenate([window.before[place], window.actual[place]])
        axes.plot([*before, *after], came, color=CAME, linewidth=1, marker=".", markersize=2.5)
        axes.axvline(before[-1], color=PALE, linewidth=0.8, linestyle=":")
        _date_axis(axes)
        return _svg(figure)


def _date_axis(axes: Any) -> None:
    # matplotlib's dates module is not typed.
    locator: Any = AutoDateLocator(tz=UTC, minticks=3, maxticks=6)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, tz=UTC))  # type: ignore[no-untyped-call]


@contextmanager
def _figure(width_in: float, height_in: float) -> Iterator[tuple[Figure, Any]]:
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width_in, height_in))
        yield figure, figure.add_subplot()


def _svg(figure: Figure) -> str:
    """The figure as an element without a prologue; it takes the width it is given."""
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    element = text.getvalue()
    element = element[element.index("<svg") :]
    return re.sub(r'<svg([^>]*?) width="[^"]*"', r"<svg\1", re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", element))


def _share(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0))


def _instants(origin_ms: int, step_ms: int, steps: npt.NDArray[np.int64]) -> list[datetime]:
    return [datetime.fromtimestamp((origin_ms + step * step_ms) / 1000, UTC) for step in steps.tolist()]
