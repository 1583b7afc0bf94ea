"""Dark and light, wide and narrow, and for those who can't see it."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from streams.serve.api.page import BUILT
from tests.browser.served import Served
from tests.browser.test_views import VOLUME
from tests.browser.visitor import PHONE, Visit

AXE = BUILT.parent / "node_modules" / "axe-core" / "axe.min.js"
ROUTES = ("", "series", f"series/{quote(VOLUME, safe='')}", "incidents", "anomalies", "quality", "fleet")


def settled(page: Page) -> None:
    """Wait until all that is shown has come."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("status", name="loading")).to_have_count(0)


@pytest.mark.parametrize("route", ROUTES)
def test_a_phone_shows_all_of_it_without_scrolling_sideways(visit: Visit, fleet: Served, route: str) -> None:
    page = visit(fleet, route, size=PHONE)
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("route", ROUTES)
def test_axe_finds_nothing(visit: Visit, fleet: Served, route: str, dark: bool) -> None:
    page = visit(fleet, route, dark=dark)
    settled(page)
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document).then((result) => result.violations)")
    assert not [(one["id"], one["help"], [node["html"] for node in one["nodes"]][:3]) for one in found]


def test_the_theme_follows_the_system_until_it_is_chosen(visit: Visit, fleet: Served) -> None:
    page = visit(fleet, dark=True)
    settled(page)
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert page.evaluate(ground) != dark
    page.get_by_role("button", name="switch to the dark theme").click()
    assert page.evaluate(ground) == dark
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_nothing_inline_is_allowed(visit: Visit, fleet: Served) -> None:
    page = visit(fleet)
    settled(page)
    answer = page.request.get(fleet.url)
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
