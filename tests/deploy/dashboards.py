"""The dashboards as data: their queries, and the metrics that a query asks for."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

GRAFANA = Path(__file__).parent.parent.parent / "deploy" / "grafana"

VARIABLES = {"$instance": ".*", "$__rate_interval": "5m"}
FUNCTIONS = {"sum", "rate", "min", "max", "topk", "time", "vector", "increase", "changes", "histogram_quantile"}
WORDS = FUNCTIONS | {"by", "or", "and", "on", "label_values"}


class Query(NamedTuple):
    """An expression, and where it stands."""

    dashboard: str
    panel: str
    expression: str


def dashboards() -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text()) for path in sorted(GRAFANA.glob("*.json"))}


def queries() -> list[Query]:
    """Every expression of every panel, with something in place of the variables."""
    found = []
    for name, dashboard in dashboards().items():
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                expression = target["expr"]
                for variable, value in VARIABLES.items():
                    expression = expression.replace(variable, value)
                found.append(Query(name, panel["title"], expression))
    return found


def metrics_of(expression: str) -> set[str]:
    """The names of metrics in an expression: words outside of braces, brackets, strings and `by (...)`."""
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\"[^\"]*\"|\b(?:by|on)\s*\([^)]*\)", " ", expression)
    return {word for word in re.findall(r"[a-zA-Z_:][\w:]*", bare) if word not in WORDS}


def labels_of(expression: str) -> set[str]:
    """Labels that an expression selects or groups by."""
    selected = re.findall(r"(\w+)\s*(?:=~|!=|!~|=)\s*\"", expression)
    grouped = [name for group in re.findall(r"\bby\s*\(([^)]*)\)", expression) for name in re.findall(r"\w+", group)]
    return {*selected, *grouped}
