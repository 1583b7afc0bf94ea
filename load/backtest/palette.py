"""Colours of the report, in light and in dark: charts are drawn in the light ones, which the page can exchange."""

import re

LIGHT = {
    "paper": "#ffffff",
    "ink": "#1b2733",
    "quiet": "#51606e",
    "pale": "#8a949e",
    "line": "#e6eaee",
    "forecast": "#1769aa",
    "naive": "#b3661b",
    "other-1": "#2e8b57",
    "other-2": "#a03c78",
    "other-3": "#7a6ad0",
    "other-4": "#0f8b8d",
    "other-5": "#c0392b",
    "other-6": "#7d7a18",
}
DARK = {
    "paper": "#12181f",
    "ink": "#e8edf2",
    "quiet": "#a3b1bf",
    "pale": "#75828f",
    "line": "#2a343f",
    "forecast": "#5fb2f2",
    "naive": "#e8a15c",
    "other-1": "#6fcf97",
    "other-2": "#e58fc0",
    "other-3": "#b3a8f5",
    "other-4": "#5ed0d2",
    "other-5": "#f08a7d",
    "other-6": "#d2cf6a",
}
OTHERS = [LIGHT[name] for name in LIGHT if name.startswith("other-")]

assert LIGHT.keys() == DARK.keys()
assert len(set(LIGHT.values())) == len(LIGHT), "a colour stands for one name"

_NAMES = {colour: name for name, colour in LIGHT.items()}
_COLOUR = re.compile("|".join(_NAMES))


def css_variables(colours: dict[str, str]) -> str:
    """``--ink:#1b2733;...``"""
    return "".join([f"--{name}:{colour};" for name, colour in colours.items()])


def exchangeable(svg: str) -> str:
    """Name the colours of a chart, so that the page decides what they are."""
    return _COLOUR.sub(lambda found: f"var(--{_NAMES[found[0]]})", svg)


def shown(svg: str) -> str:
    """A chart as a file of its own, which no page gives its colours."""
    style = f"<style>svg{{background:{LIGHT['paper']};{css_variables(LIGHT)}}}</style>"
    head, _, rest = svg.partition(">")
    return f"{head}>{style}{rest}"
