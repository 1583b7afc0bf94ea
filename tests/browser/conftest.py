"""A real Chromium, and the page as it is built, over what a worker said of a generated fleet."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, sync_playwright

from streams.serve.api.page import BUILT
from tests.browser.chromium import chromium
from tests.browser.fleet import settings, told
from tests.browser.served import Served
from tests.browser.visitor import Visit, Visitor
from tests.programs import ProgramUnavailableError, give_up


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests: each has a context of its own."""
    try:
        _require_page()
        with sync_playwright() as playwright, chromium(playwright) as started:
            yield started
    except ProgramUnavailableError as error:
        give_up(error, os.environ)


def _require_page() -> None:
    if not (BUILT / "index.html").is_file():
        raise ProgramUnavailableError("the page is not built: `make page` needs npm (Node 20.19 or later)")


@pytest.fixture(scope="session")
def fleet() -> Iterator[Served]:
    """The fleet as it is; not to be changed."""
    with Served(settings()) as served:
        served.apply(told().records)
        yield served


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens the page at a route; when the test ends it must have been silent, and asked nobody else."""
    with ExitStack() as stack:
        visitor = stack.enter_context(Visitor(browser))
        yield visitor.open
        visitor.check()
