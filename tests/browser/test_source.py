"""The pure TypeScript of the page has tests of its own, which npm runs."""

import os
import shutil
import subprocess

from streams.serve.api.page import BUILT
from tests.programs import ProgramUnavailableError, give_up

SOURCE = BUILT.parent


def test_the_tests_of_the_source_pass() -> None:
    npm = shutil.which("npm")
    if npm is None or not (SOURCE / "node_modules").is_dir():
        give_up(ProgramUnavailableError("npm is not here, or `make page` was not run"), os.environ)
    done = subprocess.run([npm, "test", "--silent"], cwd=SOURCE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
