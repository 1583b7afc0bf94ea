"""An incident as a chart: its members in their order, each from its first sign to its last."""

from collections.abc import Sequence
from typing import Any

from load.backtest.charts import QUIET, chart, svg_of
from load.backtest.labels import Label
from load.backtest.palette import LIGHT
from load.backtest.time_charts import EVENT, TRUTH, date_axis, instants

FIRST, OTHERS = LIGHT["forecast"], LIGHT["pale"]
MEMBERS_MAX = 8
NAME_CHARS_MAX = 34
MARGIN_MS = 10 * 60_000


def incident_chart(incident: dict[str, Any], labels: Sequence[Sequence[Label]]) -> str:
    """The first members from top to bottom, the likeliest cause first; `labels` are those of each."""
    members = incident["members"][:MEMBERS_MAX]
    begin_ms = min([member["since_ms"] for member in members]) - MARGIN_MS
    end_ms = max([incident["updated_at_ms"], *[member["last_ms"] for member in members]]) + MARGIN_MS
    with chart(4.6, 0.7 + 0.28 * len(members)) as (figure, axes):
        for place, (member, known) in enumerate(zip(members, labels, strict=False)):
            for label in known:
                span = instants([max(label.start_ms, begin_ms), min(label.end_ms, end_ms)])
                if span[0] < span[1]:
                    colour = EVENT if label.about == "event" else TRUTH
                    axes.barh(place, span[1] - span[0], left=span[0], height=0.9, color=colour, alpha=0.22)
            since, last = instants([member["since_ms"], max(member["last_ms"], member["since_ms"] + 60_000)])
            colour = OTHERS if place else FIRST
            shown = "none" if member["predicted"] else colour
            axes.barh(place, last - since, left=since, height=0.45, facecolor=shown, edgecolor=colour)
        axes.axvline(instants([incident["opened_at_ms"]])[0], color=QUIET, linewidth=0.8, linestyle=":")
        axes.set_yticks(range(len(members)), [_short(member["entity"]) for member in members])
        axes.set_ylim(len(members) - 0.4, -0.6)
        axes.set_xlim(*instants([begin_ms, end_ms]))
        axes.grid(visible=False, axis="y")
        date_axis(axes)
        return svg_of(figure)


def _short(name: str) -> str:
    return name if len(name) <= NAME_CHARS_MAX else name[: NAME_CHARS_MAX - 1] + "…"
