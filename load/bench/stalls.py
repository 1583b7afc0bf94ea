"""How long a contender may stand still."""

from streams.cli.errors import UserError

PATIENCE_S = 60.0
"""A contender that gets nowhere for so long has stopped for good: even a slow group join is shorter."""


class StalledError(UserError):
    """A contender stopped before the end."""
