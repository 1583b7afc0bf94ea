"""What a person is told when a recording can't be read."""

from pathlib import Path

from streams.cli.errors import ExitCode, UserError


class RecordingError(UserError):
    """A recording that can't be read or written: which file, what is wrong, what to do."""

    exit_code = ExitCode.USAGE

    def __init__(self, path: Path, what: str, hint: str) -> None:
        super().__init__(f"{path}: {what}\n{hint}")
        self.path = path
        self.what = what
        self.hint = hint
