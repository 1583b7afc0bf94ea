"""Everything is reached without a pointer."""

from playwright.sync_api import Page, expect

from tests.browser.served import Served
from tests.browser.visitor import Visit


def focused(page: Page) -> str:
    """The text of what has the focus."""
    text: str = page.evaluate("document.activeElement.textContent")
    return text


def test_a_walk_by_keys_alone(visit: Visit, fleet: Served) -> None:
    page = visit(fleet)
    links = page.locator("main [data-row]")
    expect(links.first).to_be_visible()
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(links.nth(1)).to_be_focused()
    name = focused(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Series", exact=True)).to_be_visible()
    page.keyboard.press("1")
    expect(page.get_by_role("heading", name="What breaks next")).to_be_visible()


def test_the_focus_is_seen(visit: Visit, fleet: Served) -> None:
    page = visit(fleet)
    expect(page.locator("li.row").first).to_be_visible()
    page.keyboard.press("j")
    outline = "getComputedStyle(document.activeElement, '::after').outlineStyle"
    assert page.evaluate(outline) == "solid"


def test_searching_by_keys(visit: Visit, fleet: Served) -> None:
    page = visit(fleet)
    expect(page.locator("li.row").first).to_be_visible()
    page.keyboard.press("/")
    box = page.get_by_role("searchbox")
    expect(box).to_be_focused()
    page.keyboard.type("vol-02 j?1")  # Keys are letters here.
    expect(box).to_have_value("vol-02 j?1")
    box.fill("vol-02")
    page.keyboard.press("Escape")
    expect(box).not_to_be_focused()
    expect(page.locator("li.row")).to_have_count(1)
    page.keyboard.press("j")
    expect(page.locator("li.row a")).to_be_focused()


def test_help_opens_and_closes(visit: Visit, fleet: Served) -> None:
    page = visit(fleet)
    expect(page.locator("li.row").first).to_be_visible()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    page.keyboard.press("1")  # A dialog has keys of its own.
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("6")
    expect(page.get_by_role("heading", name="Fleet", exact=True)).to_be_visible()


def test_every_view_has_its_number(visit: Visit, fleet: Served) -> None:
    page = visit(fleet)
    headings = ["What breaks next", "Series", "Incidents", "Anomalies", "Quality of forecasts", "Fleet"]
    for key, heading in enumerate(headings, start=1):
        page.keyboard.press(str(key))
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
