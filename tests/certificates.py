"""Certificates that tests make, with openssl."""

import os
import subprocess
from pathlib import Path

from tests.programs import ProgramUnavailableError, give_up, program


def openssl(folder: Path, *arguments: str) -> None:
    """Run it in a folder; where it is not to be had, the test fails in CI and is skipped elsewhere."""
    try:
        found = program("openssl", "openssl")
    except ProgramUnavailableError as error:
        give_up(error, os.environ)
    environment = {**os.environ, **found.environment}
    subprocess.run([found.path, *arguments], cwd=folder, check=True, capture_output=True, env=environment)
