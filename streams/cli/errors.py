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


class BrokerUnavailableError(UserError):
    """The broker can't be reached, or refuses us."""

    exit_code = ExitCode.BROKER
