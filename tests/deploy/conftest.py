"""What tests of deploy need of other projects."""

import os

import pytest

from tests.deploy.chart import HELM
from tests.programs import ProgramUnavailableError, give_up


@pytest.fixture(scope="session")
def helm_is_here() -> None:
    """Helm, from the PATH or built once."""
    try:
        HELM.path()
    except ProgramUnavailableError as error:
        give_up(error, os.environ)
