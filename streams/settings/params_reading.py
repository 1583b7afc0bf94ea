"""The parameter file that the configuration names, read once when the settings are loaded."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from streams.settings.errors import Problem
from streams.settings.params_file import ParamsFile
from streams.settings.params_text import parse_params

PLACE = "forecast.params"


def resolve_params(document: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The document with the parameters in place of the path of their file; without them where they can't be used."""
    forecast = document.get("forecast")
    path = forecast.get("params") if isinstance(forecast, Mapping) else None
    if not isinstance(forecast, Mapping) or not isinstance(path, str) or not path:
        return document, []
    file, problems = _read(path)
    return document | {"forecast": {**forecast, "params": file}}, problems


def _read(path: str) -> tuple[ParamsFile | None, list[Problem]]:
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        return None, [Problem(PLACE, f"can't be read: {path}: {reason}")]
    params, problems = parse_params(text)
    file = None if params is None else ParamsFile(path, params)
    return file, [Problem(PLACE, f"{path}: {problem}") for problem in problems]
