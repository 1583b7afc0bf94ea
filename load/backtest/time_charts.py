"""What charts over time have in common: instants, their axis, and labels laid over them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

from load.backtest.labels import Label
from load.backtest.palette import LIGHT

TRUTH, EVENT = LIGHT["other-5"], LIGHT["other-3"]


def instants(times_ms: Iterable[float] | npt.NDArray[Any]) -> list[datetime]:
    """Times as the axis takes them."""
    return [datetime.fromtimestamp(time_ms / 1000, UTC) for time_ms in np.asarray(times_ms).tolist()]


TICKS = 3, 7
"""At least and at most. With one less matplotlib has no distance for spans just below three hours or days: it warns."""


def date_axis(axes: Any) -> None:
    """A time axis that says no more than it must."""
    # matplotlib's dates module is not typed.
    locator: Any = AutoDateLocator(tz=UTC, minticks=TICKS[0], maxticks=TICKS[1])  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, tz=UTC))  # type: ignore[no-untyped-call]


def draw_labels(axes: Any, labels: Iterable[Label], first_ms: float, last_ms: float) -> None:
    """Spans, and lines where they are instants, as far as they lie on the axis."""
    for label in labels:
        if label.end_ms < first_ms or label.start_ms > last_ms:
            continue
        colour = EVENT if label.about == "event" else TRUTH
        begin, end = instants([max(label.start_ms, first_ms), min(label.end_ms, last_ms)])
        if label.end_ms == label.start_ms:
            axes.axvline(begin, color=colour, linewidth=1.2, linestyle="--")
        else:
            axes.axvspan(begin, end, color=colour, alpha=0.25, linewidth=0.6)
