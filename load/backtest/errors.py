"""What a person is told when a backtest can't be run."""

from streams.cli.errors import ExitCode, UserError


class BacktestError(UserError):
    """A backtest that the recording or the settings do not allow: what is wrong, and what to do."""

    exit_code = ExitCode.USAGE
