"""What may be wrong with a backfill."""

from streams.cli.errors import ExitCode, UserError


class HistoryError(UserError):
    """History can't be had now."""


class QueryError(UserError):
    """What is asked of Prometheus is not what it can answer."""

    exit_code = ExitCode.USAGE


class SeamError(UserError):
    """History and live samples would not meet without a gap, or not in order."""

    exit_code = ExitCode.USAGE
