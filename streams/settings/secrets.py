"""Secrets from their files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from streams.settings.errors import Problem


def resolve_password(document: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The document with the broker's password in place of the file that holds it.

    Where the file can't be read, or both are given, the document stays as it is.
    """
    broker = document.get("broker")
    if not isinstance(broker, Mapping) or broker.get("password") is not None:
        return document, []
    file = broker.get("password_file")
    if not isinstance(file, str) or not file:
        return document, []
    try:
        password = Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        return document, [Problem("broker.password_file", f"can't be read: {file}: {reason}")]
    return document | {"broker": {**broker, "password": password, "password_file": None}}, []
