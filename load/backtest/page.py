"""The frame of the report: one file without scripts, which asks for nothing from outside."""

from collections.abc import Iterable, Sequence
from html import escape

_CSS = """
body{font:15px/1.5 system-ui,sans-serif;color:#1b2733;margin:0 auto;max-width:62rem;padding:1.5rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.15rem;margin:2.2rem 0 .4rem}h3{font-size:.95rem;margin:.2rem 0}
p{margin:.3rem 0 .8rem}.quiet{color:#51606e}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:.25rem .8rem .25rem 0;border-bottom:1px solid #e6eaee;vertical-align:top}
th{color:#51606e;font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.wide{overflow-x:auto}.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(22rem,1fr));gap:1rem}
figure{margin:0}figcaption{font-size:.85rem;overflow-wrap:anywhere}svg{width:100%;height:auto;display:block}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.8rem;margin:1.2rem 0}
.card{border:1px solid #e6eaee;border-radius:.4rem;padding:.6rem .8rem}
.card b{display:block;font-size:1.35rem;font-variant-numeric:tabular-nums}.card span{color:#51606e;font-size:.85rem}
code{font-size:.85rem;overflow-wrap:anywhere}
@media print{body{max-width:none}}
"""


def page(title: str, parts: Iterable[str]) -> str:
    """The whole file."""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_CSS}</style></head>\n'
        f"<body>{''.join(parts)}</body></html>\n"
    )


def cards(items: Iterable[tuple[str, str]]) -> str:
    """Figures that catch the eye: (figure, what it is)."""
    shown = [f'<div class="card"><b>{escape(figure)}</b><span>{escape(what)}</span></div>' for figure, what in items]
    return f'<div class="cards">{"".join(shown)}</div>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> str:
    """A table; all columns but the first `texts` hold numbers."""
    lines = ["".join([_cell("td", place, cell, texts) for place, cell in enumerate(row)]) for row in rows]
    head = "".join([_cell("th", place, cell, texts) for place, cell in enumerate(heads)])
    body = "".join([f"<tr>{line}</tr>\n" for line in lines])
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def figures(items: Iterable[tuple[str, str]]) -> str:
    """Charts with their captions."""
    shown = [f"<figure><figcaption>{escape(caption)}</figcaption>{svg}</figure>" for caption, svg in items]
    return f'<div class="figures">{"".join(shown)}</div>'


def _cell(tag: str, place: int, text: str, texts: int) -> str:
    kind = "" if place < texts else ' class="n"'
    return f"<{tag}{kind}>{escape(text)}</{tag}>"
