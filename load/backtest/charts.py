"""How charts of the report are drawn: SVG text, to stand in the page itself, in colours that the page can exchange."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from load.backtest.palette import LIGHT, exchangeable

INK, QUIET, PALE, LINE = LIGHT["ink"], LIGHT["quiet"], LIGHT["pale"], LIGHT["line"]

STYLE: Any = {
    "svg.fonttype": "none",  # Text stays text: smaller, and in the page's own font.
    "svg.hashsalt": "foreshock",  # The same run gives the same bytes.
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": PALE,
    "axes.facecolor": "none",
    "axes.titlecolor": INK,
    "figure.facecolor": "none",
    "axes.grid": True,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "axes.labelcolor": QUIET,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "figure.constrained_layout.use": True,
}


@contextmanager
def chart(width_in: float, height_in: float) -> Iterator[tuple[Figure, Any]]:
    """A figure with one set of axes, in the report's style."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width_in, height_in))
        yield figure, figure.add_subplot()


def svg_of(figure: Figure) -> str:
    """The figure as an element without a prologue; it takes the width it is given."""
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    element = text.getvalue()
    element = element[element.index("<svg") :]
    element = re.sub(r"<metadata>.*?</metadata>", "", element, flags=re.DOTALL)
    unsized = re.sub(r'<svg([^>]*?) width="[^"]*"', r"<svg\1", re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", element))
    return exchangeable(unsized)
