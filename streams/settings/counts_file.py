"""The files that `hazards[].calibration` names: what a backtest counted, for each hazard, as JSON::

    {"v": 1, "hazards": {"disk": {"mark": "disk:1a2b3c4d", "entities": 11400, "looks": [...], "hits": [...],
                                  "maxima": [...]}}}

`looks` and `hits` by score as `models.failure.calibration` cuts it, `maxima` quantiles of each entity's highest score.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from models.failure.calibration import BINS, FleetCounts
from streams.settings.errors import Problem
from streams.settings.hazards import CountsFile

COUNTS_VERSION = 1
MAXIMA_MAX = 10_001


def counts_json(of_hazards: Mapping[str, tuple[str, int, FleetCounts]]) -> bytes:
    """The file, of each hazard's mark, entities and counts."""
    hazards = {
        name: {"mark": mark, "entities": entities, **{key: part.tolist() for key, part in counts._asdict().items()}}
        for name, (mark, entities, counts) in of_hazards.items()
    }
    return orjson.dumps({"v": COUNTS_VERSION, "hazards": hazards}, option=orjson.OPT_INDENT_2)


def resolve_counts(document: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The document with what the files hold in place of their paths; without those that can't be used."""
    hazards = document.get("hazards")
    if not isinstance(hazards, Sequence) or isinstance(hazards, str):
        return document, []
    problems: list[Problem] = []
    resolved = [_resolved(place, hazard, problems) for place, hazard in enumerate(hazards)]
    return document | {"hazards": resolved}, problems


def _resolved(place: int, hazard: Any, problems: list[Problem]) -> Any:
    path = hazard.get("calibration") if isinstance(hazard, Mapping) else None
    if not isinstance(path, str) or not path:
        return hazard
    file, problem = _read(path, str(hazard.get("name")))
    if problem:
        problems.append(Problem(f"hazards[{place}].calibration", f"{path}: {problem}"))
    return {**hazard, "calibration": file}


def _read(path: str, hazard: str) -> tuple[CountsFile | None, str]:
    try:
        document = orjson.loads(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        return None, f"can't be read: {error.strerror if isinstance(error, OSError) else 'is not JSON'}"
    if not isinstance(document, dict) or document.get("v") != COUNTS_VERSION:
        return None, f"is no hazards.json of version {COUNTS_VERSION}; `foreshock backtest` writes one"
    held = document.get("hazards")
    if not isinstance(held, dict) or hazard not in held:
        return None, f"has no counts of a hazard {hazard!r}"
    counts = _counts_of(held[hazard])
    if counts is None:
        return None, f"its counts of {hazard!r} are not as a backtest writes them"
    digest = hashlib.sha256(orjson.dumps(held[hazard], option=orjson.OPT_SORT_KEYS)).hexdigest()[:8]
    return CountsFile(path, f"fleet-{digest}", str(held[hazard]["mark"]), counts), ""


def _counts_of(fields: Any) -> FleetCounts | None:
    """The counts, if they are whole."""
    try:
        looks, hits = (np.array(fields[name], np.int64) for name in ("looks", "hits"))
        maxima = np.array(fields["maxima"], np.float64)
        is_marked = isinstance(fields["mark"], str)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    is_whole = is_marked and looks.shape == hits.shape == (BINS,) and bool((hits >= 0).all() and (hits <= looks).all())
    is_sorted = maxima.ndim == 1 and len(maxima) <= MAXIMA_MAX and bool((np.diff(maxima) >= 0).all())
    return FleetCounts(looks, hits, maxima) if is_whole and is_sorted and bool(np.isfinite(maxima).all()) else None
