"""`python -m tests.browser.screenshots`: pictures of every state of the page, and those that the documents show."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page, Route, expect, sync_playwright

from tests.browser.chromium import chromium
from tests.browser.fleet import settings, told
from tests.browser.served import Served
from tests.browser.test_views import ERRORS, VOLUME
from tests.browser.visitor import DESKTOP, PHONE, Visitor

ROOT = Path(__file__).parent.parent.parent
OUT = ROOT / "out" / "screenshots"
DOCUMENTS = ROOT / "deploy" / "pictures"
SHOWN = {"next-light": "next.png", "series-dark": "series.png"}
"""Of which the documents have a copy."""

HOUR_MS = 3_600_000
PATIENCE_MS = 60_000


@dataclass(frozen=True)
class Shot:
    """A picture of a route: how it looks, and what is there once it has come."""

    name: str
    route: str
    there: str
    dark: bool = False
    size: tuple[int, int] = DESKTOP


OF_THE_FLEET = (
    Shot("next-light", "", "host-02 / vol-02"),
    Shot("next-dark", "", "host-02 / vol-02", dark=True),
    Shot("next-phone", "", "host-02 / vol-02", size=PHONE),
    Shot("series-light", f"series/{quote(VOLUME, safe='')}", "Runs out", size=(1280, 1120)),
    Shot("series-dark", f"series/{quote(ERRORS, safe='')}", "Fails", dark=True, size=(1280, 1120)),
    Shot("series-phone", f"series/{quote(VOLUME, safe='')}", "Runs out", size=PHONE),
    Shot("series-list", "series", "host-02"),
    Shot("incidents", "incidents", "going on"),
    Shot("incidents-phone", "incidents", "going on", dark=True, size=PHONE),
    Shot("anomalies-dark", "anomalies", "expected", dark=True),
    Shot("quality", "quality", "worst come first"),
    Shot("fleet", "fleet", "caught up"),
    Shot("search-without-a-result", "?q=nonsense", "matches the search"),
)


def main() -> None:
    """Take all of them."""
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, chromium(playwright) as browser, Visitor(browser) as visitor:
        with _serving() as served:
            for shot in OF_THE_FLEET:
                _take(_see(visitor, served, shot), shot.name)
            _take_help(visitor, served)
            _take_loading(visitor, served)
            _take_away(visitor, served)
        with _serving(ahead_ms=3 * HOUR_MS) as served:
            _take(_see(visitor, served, Shot("stale", "", "expired")), "stale")
        _take_empty(visitor)
        _take_unauthorised(visitor)
    DOCUMENTS.mkdir(exist_ok=True)
    for name, copy in SHOWN.items():
        shutil.copy(OUT / f"{name}.png", DOCUMENTS / copy)


@contextmanager
def _serving(*, filled: bool = True, ahead_ms: int = 0, ready: bool = True, **sections: Any) -> Iterator[Served]:
    with Served(settings(**sections), ahead_ms=ahead_ms, ready=ready) as served:
        if filled:
            served.apply(told().records)
        yield served


def _see(visitor: Visitor, served: Served, shot: Shot) -> Page:
    page = visitor.open(served, shot.route, dark=shot.dark, size=shot.size)
    expect(page.get_by_text(shot.there).first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("status", name="loading")).to_have_count(0, timeout=PATIENCE_MS)
    return page


def _take(page: Page, name: str) -> None:
    page.screenshot(path=OUT / f"{name}.png")


def _take_help(visitor: Visitor, served: Served) -> None:
    page = _see(visitor, served, Shot("help", "", "host-02 / vol-02"))
    page.keyboard.press("j")
    _take(page, "focus")
    page.keyboard.press("?")
    _take(page, "help")


def _take_loading(visitor: Visitor, served: Served) -> None:
    def never(_route: Route) -> None:
        """Leave it unanswered."""

    page = visitor.open(served)
    page.route("**/api/v1/capacity*", never)
    page.reload()
    expect(page.get_by_role("status", name="loading")).to_be_visible(timeout=PATIENCE_MS)
    _take(page, "loading")
    page.unroute_all(behavior="ignoreErrors")


def _take_away(visitor: Visitor, served: Served) -> None:
    page = _see(visitor, served, Shot("away", "", "host-02 / vol-02"))
    served.stop()
    page.get_by_role("button", name="Runs out").click()
    page.get_by_role("button", name="All").click()
    expect(page.get_by_role("alert")).to_be_visible(timeout=PATIENCE_MS)
    _take(page, "server-away")
    served.start()


def _take_empty(visitor: Visitor) -> None:
    none: dict[str, Any] = {"capacity": [], "failures": [], "objectives": []}
    with _serving(filled=False, **none) as served:
        _take(_see(visitor, served, Shot("empty", "", "No rule is configured")), "empty-no-rule")
    with _serving(filled=False) as served:
        _take(_see(visitor, served, Shot("empty", "", "No series yet")), "empty-no-series")
    with _serving(filled=False, ready=False) as served:
        _take(_see(visitor, served, Shot("reading", "", "still reading its topics")), "still-reading")


def _take_unauthorised(visitor: Visitor) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tokens = Path(folder) / "tokens"
        tokens.write_text("a-token-that-nobody-guesses sre\n")
        with _serving(filled=False, serve={"now": "event", "tokens_file": str(tokens)}) as served:
            _take(_see(visitor, served, Shot("sign-in", "", "A token, please")), "sign-in")


if __name__ == "__main__":
    main()
