"""Charts that compare methods: errors and coverage by steps ahead, and calibration by decile."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from load.backtest.baselines.registry import SEASONAL_NAIVE
from load.backtest.charts import PALE, chart, svg_of
from load.backtest.comparison import OURS, Comparison, Method
from load.backtest.palette import LIGHT, OTHERS
from load.backtest.tally import LEVELS, Tally, horizon_groups
from models.arrays import Floats

SIZE_IN = (4.6, 2.9)
HEADROOM = 2.0
"""An axis of errors ends at so many times the larger of ours and seasonal naive's; what is worse leaves the chart."""


def error_chart(comparison: Comparison) -> str:
    """CRPS by steps ahead, of all methods."""
    with chart(*SIZE_IN) as (figure, axes):
        curves = {method.name: method.tally.crps_by_horizon() for method in comparison.methods}
        _draw(axes, comparison.methods, [(_ahead(curve), curve) for curve in curves.values()])
        usual = _largest([curves[OURS], curves[SEASONAL_NAIVE]])
        highest = _largest(list(curves.values()))
        axes.set(title="Error (CRPS): lower is better", xlabel="steps ahead")
        # Where all that came was 0 there is no error to tell, and no axis for it.
        axes.set_ylim(0, 1.08 * min(highest, HEADROOM * usual) or None)
        axes.legend()
        return svg_of(figure)


def coverage_chart(comparison: Comparison) -> str:
    """How often the 80 % band held what came, by steps ahead."""
    with chart(*SIZE_IN) as (figure, axes):
        axes.axhline(80, color=PALE, linewidth=1, linestyle="--")
        curves = [100 * method.tally.coverage_by_horizon() for method in comparison.methods]
        _draw(axes, comparison.methods, [(_ahead(curve), curve) for curve in curves])
        axes.set(title="Samples inside the 80 % band, %: 80 is honest", xlabel="steps ahead", ylim=(0, 103))
        axes.legend(loc="lower right")
        return svg_of(figure)


def calibration_chart(comparison: Comparison) -> str:
    """Share of what came below each decile, of all methods."""
    with chart(*SIZE_IN) as (figure, axes):
        _diagonal(axes)
        curves = [(100 * LEVELS, 100 * method.tally.calibration()) for method in comparison.methods]
        _draw(axes, comparison.methods, curves)
        axes.set(title="Samples below each decile, %: on the diagonal is honest", xlabel="decile, %")
        axes.legend()
        return svg_of(figure)


def own_calibration_chart(ours: Tally) -> str:
    """The same of our forecasts alone, near and far."""
    with chart(*SIZE_IN) as (figure, axes):
        _diagonal(axes)
        groups = horizon_groups(len(ours.samples))
        for place, (first, last) in enumerate(groups):
            shade = 1.0 - 0.3 * place
            below = 100 * ours.calibration(first, last)
            text = f"{first} to {last} steps ahead" if last > first else f"{first} step{'s' * (first > 1)} ahead"
            axes.plot(100 * LEVELS, below, color=LIGHT["forecast"], alpha=shade, marker=".", label=text)
        axes.set(title="foreshock, near and far: samples below each decile, %", xlabel="decile, %")
        axes.legend()
        return svg_of(figure)


def _largest(curves: Sequence[Floats]) -> float:
    """The largest value that is known; 0 where none is."""
    known = np.concatenate(curves)
    return float(known[np.isfinite(known)].max(initial=0.0))


def _diagonal(axes: Any) -> None:
    axes.plot([0, 100], [0, 100], color=PALE, linewidth=1, linestyle="--")
    axes.set(xlim=(0, 100), ylim=(0, 100))


def _draw(axes: Any, methods: Sequence[Method], curves: Sequence[tuple[Floats, Floats]]) -> None:
    """A line for each method; ours above the others."""
    colours = _colours(methods)
    for method, (x, y) in zip(methods, curves, strict=True):
        ours = method.name == OURS
        marker = "." if len(x) == 1 else None
        axes.plot(
            x, y, color=next(colours), marker=marker, linewidth=2.0 if ours else 1.1, zorder=3 if ours else 2,
            label=method.title,
        )  # fmt: skip


def _colours(methods: Sequence[Method]) -> Iterator[str]:
    fixed = {OURS: LIGHT["forecast"], SEASONAL_NAIVE: LIGHT["naive"]}
    others = 0
    for method in methods:
        if method.name in fixed:
            yield fixed[method.name]
        else:
            yield OTHERS[others % len(OTHERS)]
            others += 1


def _ahead(curve: Floats) -> Floats:
    return np.arange(1.0, len(curve) + 1)
