"""Load the settings: the file, the environment over it, what other files hold; every problem at once."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from streams.settings.counts_file import resolve_counts
from streams.settings.document import read_document
from streams.settings.environment import Override, apply_overrides, read_overrides
from streams.settings.errors import Problem, SettingsError
from streams.settings.explain import problems_of
from streams.settings.keys import path_text
from streams.settings.limits_reading import resolve_limits
from streams.settings.model import Settings
from streams.settings.names import name_problems
from streams.settings.params_reading import resolve_params
from streams.settings.paths import resolve_paths
from streams.settings.secrets import resolve_password

NO_FILE = "environment (no configuration; give --config FILE or set FORESHOCK_CONFIG)"


def load_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read and check the configuration.

    Parameters
    ----------
    path
        The YAML file; None where everything comes from the environment. Paths in it are relative to its folder.
    environ
        Environment variables; those that begin with ``FORESHOCK_`` go over the file. Paths in them are relative to the
        working directory.

    Raises
    ------
    SettingsError
        With everything that is wrong.
    """
    document, problems = read_document(path) if path else ({}, [])
    overrides, unknown = read_overrides(environ)
    problems += unknown
    settings = None
    if document is not None:
        document = resolve_paths(document, path.parent) if path else document
        document, misplaced = apply_overrides(document, overrides)
        document, unreadable = resolve_password(document)
        document, unusable = resolve_params(document)
        document, unlimited = resolve_limits(document)
        document, uncounted = resolve_counts(document)
        settings, invalid = _validate(document)
        found = [*unusable, *unlimited, *uncounted, *invalid]
        problems += misplaced + unreadable + [_with_origin(problem, overrides) for problem in found]
    if settings is None or problems:
        raise SettingsError(problems, str(path or NO_FILE))
    return settings


def _validate(document: dict[str, Any]) -> tuple[Settings | None, list[Problem]]:
    try:
        return Settings.model_validate(document), []
    except ValidationError as error:
        # The names are compared once all else is right; here that is made up for, so that all is reported at once.
        return None, _without_repeats([*problems_of(error), *name_problems(document)])


def _without_repeats(problems: Iterable[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def _with_origin(problem: Problem, overrides: list[Override]) -> Problem:
    for override in overrides:
        if path_text(override.path) == problem.path:
            return Problem(problem.path, f"{problem.message} (set by {override.variable})")
    return problem
