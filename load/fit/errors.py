"""What a person is told when parameters can't be fitted."""

from streams.cli.errors import ExitCode, UserError


class FitError(UserError):
    """A fit that the recordings or the command line do not allow: what is wrong, and what to do."""

    exit_code = ExitCode.USAGE
