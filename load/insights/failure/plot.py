"""Reliability: what came beside what was said."""

import numpy as np
import numpy.typing as npt

from load.backtest.charts import PALE, chart, svg_of
from load.backtest.palette import LIGHT, shown
from models.arrays import Floats

SIZE_IN = (4.6, 3.4)

Counts = npt.NDArray[np.integer]


def reliability_chart(looks: Counts, hits: Counts, chances: Floats) -> str:
    """Settled predictions by tenths of their probability, as a picture of its own.

    The bars hold 90 % of what chance does, and are too short: looks of one drive overlap, they are no trials apart.
    """
    with chart(*SIZE_IN) as (figure, axes):
        seen = looks > 0
        said, came = chances[seen] / looks[seen], hits[seen] / looks[seen]
        spread = 1.645 * np.sqrt(np.maximum(came * (1 - came), 0.25 / looks[seen]) / looks[seen])
        axes.plot([0, 100], [0, 100], color=PALE, linewidth=1, linestyle="--")
        axes.errorbar(
            100 * said, 100 * came, 100 * spread, color=LIGHT["forecast"], marker="o", markersize=4, linewidth=1
        )
        for x, y, count in zip(100 * said, 100 * came, looks[seen].tolist(), strict=True):
            axes.annotate(f"{count:,}", (x, y), (4, -10), textcoords="offset points", fontsize=7, color=PALE)
        axes.set(title="Failures that came, %, by what was said, %", xlabel="said", xlim=(0, 100), ylim=(0, 100))
        return shown(svg_of(figure))
