"""What is wrong with a configuration: all of it at once, each problem with its place."""

from collections.abc import Iterable
from typing import NamedTuple

from streams.cli.errors import ExitCode, UserError


class Problem(NamedTuple):
    """One thing to mend. `path` is its place, such as ``sources[0].step``; empty for the whole."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class SettingsError(UserError):
    """A configuration that can't be used.

    Parameters
    ----------
    problems
        Everything that is wrong.
    source
        Where the configuration came from: its file's name, or "environment".
    """

    exit_code = ExitCode.USAGE

    def __init__(self, problems: Iterable[Problem], source: str) -> None:
        self.problems = list(problems)
        self.source = source
        super().__init__("\n".join([f"{source}: {problem}" for problem in self.problems]))
