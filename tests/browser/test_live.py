"""What changes is shown without a reload, and the focus stays where it was."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.fleet import settings, told
from tests.browser.served import Served
from tests.browser.visitor import Visit


@pytest.fixture
def changing() -> Iterator[Served]:
    """The fleet, an hour of which is still to come."""
    with Served(settings()) as served:
        served.apply(told().records)
        yield served


def test_what_comes_is_shown_without_a_reload(visit: Visit, changing: Served) -> None:
    page = visit(changing)
    row = page.locator("li.row").filter(has_text="host-02 / vol-02")
    expect(row).to_be_visible()
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    row.get_by_role("link").focus()
    before = row.text_content()
    page.evaluate("window.sameDocument = true")
    changing.apply(told().later)
    expect(row).not_to_have_text(before or "")
    expect(row.get_by_role("link")).to_be_focused()
    assert page.evaluate("window.sameDocument")


def test_an_open_series_goes_on(visit: Visit, changing: Served) -> None:
    page = visit(changing, "anomalies")
    rows = page.locator("tbody tr")
    expect(rows.first).to_be_visible()
    before = page.locator("table").text_content()
    changing.apply(told().later)
    expect(page.locator("table")).not_to_have_text(before or "")


def test_a_stream_that_broke_is_taken_up_again(visit: Visit, changing: Served) -> None:
    page = visit(changing)
    row = page.locator("li.row").filter(has_text="host-02 / vol-02")
    expect(row).to_be_visible()
    before = row.text_content()
    changing.stop()
    expect(page.get_by_text("reconnecting")).to_be_visible()
    changing.start()
    expect(page.get_by_text("live", exact=True)).to_be_visible(timeout=30_000)
    changing.apply(told().later)
    expect(row).not_to_have_text(before or "", timeout=30_000)
