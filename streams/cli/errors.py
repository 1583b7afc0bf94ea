"""Errors that are the user's to mend, and the exit codes of the command."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How the command ended; scripts may rely on these."""

    OK = 0
    FAILURE = 1
    """Something went wrong while running."""
    USAGE = 2
    """The command line or the configuration is wrong: the same call fails again until it is changed."""
    BROKER = 3
    """The broker can't be reached, or refuses us."""
    INTERRUPTED = 130
    """Ctrl-C."""


class UserError(Exception):
    """An error whose message is all the user needs: it is printed without a traceback."""

    exit_code: ExitCode = ExitCode.FAILURE


class ExtraMissingError(UserError):
    """What an extra of ours would install is not installed.

    Parameters
    ----------
    what
        What needs it, for people.
    extras
        The extra, or several with commas.
    """

    exit_code = ExitCode.USAGE

    def __init__(self, what: str, extras: str) -> None:
        super().__init__(f"{what} {needed(extras)}")


def needed(extras: str) -> str:
    """What to do where extras are missing; a sentence whose subject is what needs them."""
    return f"needs more than is installed: pip install '.[{extras}]' in a clone, else pip install 'foreshock[{extras}]'"


class BrokerUnavailableError(UserError):
    """The broker can't be reached, or refuses us."""

    exit_code = ExitCode.BROKER
