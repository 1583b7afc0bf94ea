"""The frame of the report: one file without scripts, which asks for nothing from outside, in light and in dark."""

from collections.abc import Iterable, Sequence
from html import escape

from load.backtest.palette import DARK, LIGHT, css_variables

_CSS = """
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);
  margin:0 auto;max-width:64rem;padding:1.5rem}
h1{font-size:1.5rem;line-height:1.25;margin:0;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:2.6rem 0 .4rem}h3{font-size:1rem;margin:1.4rem 0 .3rem}
p{margin:.3rem 0 .8rem;max-width:46rem}.quiet{color:var(--quiet)}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td:first-child{overflow-wrap:anywhere;min-width:9rem}
th{color:var(--quiet);font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}th.n{white-space:normal}
.ours td{font-weight:600}.ours .bar{background:var(--forecast)}
.bar{display:block;height:.35rem;border-radius:.2rem;background:var(--pale);min-width:1px}.track{width:7rem;min-width:4rem;vertical-align:middle}
.wide{overflow-x:auto}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,25rem),1fr));
  gap:1.4rem 1.6rem;margin:.8rem 0}
figure{margin:0;min-width:0}figcaption{font-size:.85rem;overflow-wrap:anywhere;margin-bottom:.2rem}
figcaption small{display:block;color:var(--quiet);font-size:inherit}
svg{width:100%;height:auto;display:block}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,11rem),1fr));gap:.8rem;margin:1.4rem 0}
.card{border:1px solid var(--line);border-radius:.5rem;padding:.7rem .9rem}
.card b{display:block;font-size:1.45rem;line-height:1.3;font-variant-numeric:tabular-nums}
.card span{color:var(--quiet);font-size:.85rem}
.key{display:inline-block;width:1.1em;height:.75em;margin:0 .3em 0 .2em;border-radius:.15em;vertical-align:baseline}
@media(max-width:30rem){body{padding:1rem}.cards{grid-template-columns:1fr 1fr}}
@media print{body{max-width:none}figure,tr{break-inside:avoid}}
"""


def page(title: str, parts: Iterable[str]) -> str:
    """The whole file."""
    colours = (
        f":root{{color-scheme:light dark;{css_variables(LIGHT)}}}"
        f"@media(prefers-color-scheme:dark){{:root{{{css_variables(DARK)}}}}}"
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{colours}{_CSS}</style></head>\n'
        f"<body>{''.join(parts)}</body></html>\n"
    )


def cards(items: Iterable[tuple[str, str]]) -> str:
    """Figures that catch the eye: (figure, what it is)."""
    shown = [f'<div class="card"><b>{escape(figure)}</b><span>{escape(what)}</span></div>' for figure, what in items]
    return f'<div class="cards">{"".join(shown)}</div>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> str:
    """A table; all columns but the first `texts` hold numbers."""
    lines = ["".join([_cell("td", place, cell, texts) for place, cell in enumerate(row)]) for row in rows]
    return _framed(heads, [f"<tr>{line}</tr>\n" for line in lines], texts)


def league(heads: Sequence[str], rows: Iterable[tuple[str, float, bool, Sequence[str]]]) -> str:
    """A table with a bar in each row: (name, length of the bar from 0 to 1, whether it is ours, numbers)."""
    lines = []
    for name, length, is_ours, numbers in rows:
        bar = f'<td class="track"><span class="bar" style="width:{100 * length:.0f}%"></span></td>'
        cells = "".join([_cell("td", 1, cell, 1) for cell in numbers])
        kind = ' class="ours"' if is_ours else ""
        lines.append(f"<tr{kind}><td>{escape(name)}</td>{bar}{cells}</tr>\n")
    return _framed(heads, lines, 2)


def figures(items: Iterable[tuple[str, str, str]]) -> str:
    """Charts under their captions, which have a quiet second line: (caption, second line, chart)."""
    shown = [f"<figure>{_caption(caption, second)}{svg}</figure>" for caption, second, svg in items]
    return f'<div class="figures">{"".join(shown)}</div>'


def key(colour: str, share: int = 100) -> str:
    """A patch of one of the page's colours, to explain a chart; `share` is its strength in per cent."""
    return f'<i class="key" style="background:color-mix(in srgb,var(--{colour}) {share}%,transparent)"></i>'


def _caption(caption: str, second: str) -> str:
    if not caption:
        return ""
    small = f"<small>{escape(second)}</small>" if second else ""
    return f"<figcaption>{escape(caption)}{small}</figcaption>"


def _framed(heads: Sequence[str], lines: Sequence[str], texts: int) -> str:
    head = "".join([_cell("th", place, cell, texts) for place, cell in enumerate(heads)])
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'


def _cell(tag: str, place: int, text: str, texts: int) -> str:
    kind = "" if place < texts else ' class="n"'
    return f"<{tag}{kind}>{escape(text)}</{tag}>"
