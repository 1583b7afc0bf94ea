"""Paths of files in a configuration: relative ones are meant from the folder that the configuration lies in."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

EACH = "*"
"""Every item of a list."""

FILES = (
    ("broker", "password_file"),
    ("broker", "ca_file"),
    ("broker", "cert_file"),
    ("broker", "key_file"),
    ("forecast", "params"),
    ("capacity", EACH, "limit", "file"),
    ("hazards", EACH, "calibration"),
    ("serve", "tokens_file"),
    ("serve", "tls_cert_file"),
    ("serve", "tls_key_file"),
    ("serve", "client_ca_file"),
    ("alerting", "alertmanagers", EACH, "token_file"),
    ("alerting", "webhooks", EACH, "secret_file"),
    ("remote_write", "token_file"),
)
"""The settings that are paths."""


def resolve_paths(document: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The document with its relative paths made absolute; the given one stays as it is."""
    resolved: Any = document
    for place in FILES:
        resolved = _resolved(resolved, place, folder.absolute())
    found: dict[str, Any] = resolved
    return found


def _resolved(node: Any, place: Sequence[str], folder: Path) -> Any:
    """What is of the wrong kind stays as it is, for validation to report."""
    if not place:
        return str(folder / node) if isinstance(node, str) and node else node
    key, rest = place[0], place[1:]
    if key == EACH:
        return [_resolved(item, rest, folder) for item in node] if isinstance(node, list) else node
    if isinstance(node, dict) and key in node:
        return node | {key: _resolved(node[key], rest, folder)}
    return node
