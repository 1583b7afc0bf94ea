"""Somebody who looks at the page, and notes what it should not do."""

from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.browser.served import Served

DESKTOP = (1280, 800)
PHONE = (360, 740)
PATIENCE_MS = 30_000
"""Machines that run all tests at once are slow."""

REFUSED = "Failed to load resource"
"""The browser's own line for an answer that is an error, which some tests want."""


class Visit(Protocol):
    """Opens the page."""

    def __call__(self, served: Served, route: str = "", *, dark: bool = False, size: tuple[int, int] = DESKTOP) -> Page:
        """The page at a route, such as `incidents`."""


class Visitor:
    """Pages of one test, and what they said and asked."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.strangers: list[str] = []

    def open(self, served: Served, route: str = "", *, dark: bool = False, size: tuple[int, int] = DESKTOP) -> Page:
        """See `Visit`."""
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Asia/Tokyo",  # Nothing may depend on where the reader is.
        )
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        page = context.new_page()
        home = urlsplit(served.url).netloc
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(request, home))
        page.goto(f"{served.url}/#/{route}")
        return page

    def check(self) -> None:
        """Nothing was complained of, and nobody else was asked."""
        assert not self.complaints
        assert not self.strangers

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(REFUSED):
            self.complaints.append(message.text)

    def _asked(self, request: Request, home: str) -> None:
        if urlsplit(request.url).netloc != home:
            self.strangers.append(request.url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for context in self._contexts:
            context.close()
