"""Honest states: nothing there, nothing new, nobody there, no leave."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import orjson
import pytest
from playwright.sync_api import expect

from streams.serve.board.incoming import Incoming
from tests.browser.fleet import settings, told
from tests.browser.served import Served
from tests.browser.visitor import Visit

TOKEN = "a-token-that-nobody-guesses"
HOUR_MS = 3_600_000

Serve = Callable[..., Served]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server of the test's own, over the fleet or over nothing."""
    with ExitStack() as stack:

        def start(*, filled: bool = True, ahead_ms: int = 0, ready: bool = True, **sections: Any) -> Served:
            served = stack.enter_context(Served(settings(**sections), ahead_ms=ahead_ms, ready=ready))
            if filled:
                served.apply(told().records)
            return served

        yield start


def test_loading_is_shown_until_there_is_an_answer(visit: Visit, serve: Serve) -> None:
    page = visit(serve(filled=False))
    page.route("**/api/v1/capacity*", lambda route: None)  # Never answered.
    page.reload()
    expect(page.get_by_role("status", name="loading")).to_be_visible()


def test_without_rules_it_says_what_to_configure(visit: Visit, serve: Serve) -> None:
    none: dict[str, list[object]] = {"capacity": [], "failures": [], "objectives": []}
    page = visit(serve(filled=False, **none))
    expect(page.get_by_text("No rule is configured")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("capacity names a metric and its limit")


def test_without_telemetry_it_says_so(visit: Visit, serve: Serve) -> None:
    served = serve(filled=False)
    page = visit(served)
    expect(page.get_by_text("No series yet")).to_be_visible()
    for route, words in {
        "series": "No series matches",
        "incidents": "No incident",
        "anomalies": "Nothing strange",
        "quality": "No forecast has been judged",
        "fleet": "Nothing has been read yet",
    }.items():
        page.goto(f"{served.url}/#/{route}")
        expect(page.get_by_text(words)).to_be_visible()


def test_a_search_without_a_result_says_so(visit: Visit, fleet: Served) -> None:
    page = visit(fleet, "?q=nonsense")
    expect(page.get_by_text("Nothing that is predicted matches the search")).to_be_visible()


def test_telemetry_that_stopped_is_told_and_expired_records_are_marked(visit: Visit, serve: Serve) -> None:
    page = visit(serve(ahead_ms=3 * HOUR_MS))
    expect(page.get_by_text("The newest telemetry is 3 h old")).to_be_visible()
    rows = page.locator("li.row")
    expect(rows.first).to_contain_text("expired")
    expect(page.locator("li.row.stale")).to_have_count(rows.count())


def test_a_server_that_is_away_leaves_what_it_said(visit: Visit, serve: Serve) -> None:
    served = serve()
    page = visit(served)
    rows = page.locator("li.row")
    expect(rows.first).to_be_visible()
    shown = rows.count()
    served.stop()
    page.get_by_role("button", name="Runs out").click()
    page.get_by_role("button", name="All").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("has not answered since")
    expect(rows).to_have_count(shown)
    served.start()
    expect(alert).to_be_hidden(timeout=30_000)
    expect(page.get_by_text("live", exact=True)).to_be_visible(timeout=30_000)


def test_a_server_that_was_never_there_is_said_so(visit: Visit, serve: Serve) -> None:
    served = serve(filled=False)
    page = visit(served)
    expect(page.get_by_text("No series yet")).to_be_visible()
    served.stop()
    page.keyboard.press("4")
    expect(page.get_by_text("Nothing to show yet: the server does not answer")).to_be_visible()
    served.start()
    expect(page.get_by_text("Nothing strange")).to_be_visible(timeout=30_000)


def test_a_server_that_still_reads_is_waited_for(visit: Visit, serve: Serve) -> None:
    page = visit(serve(ready=False))
    expect(page.get_by_text("The server is still reading its topics")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_text("not kept up to date", exact=True)).to_be_visible()
    page.keyboard.press("6")
    expect(page.locator(".card .pill").filter(has_text="not kept up to date")).to_be_visible()


def test_of_a_first_day_the_probabilities_speak(visit: Visit, serve: Serve) -> None:
    served = serve(filled=False)
    served.apply(map(_of_a_first_day, told().records))
    page = visit(served)
    volume = page.locator("li.row").filter(has_text="host-02 / vol-02")
    expect(volume.locator(".pill")).to_have_text([re.compile("% in 1 day"), "new"])
    calm = page.locator("li.row.calm").filter(has_text="host-03 / vol-03").filter(has_text="volume_used_bytes")
    expect(calm.locator(".pill")).to_have_text(["new"])
    figure = page.get_by_label("summary").locator(".figure").filter(has_text="imminent")
    expect(figure.locator("dd")).to_have_text("1")


def _of_a_first_day(record: Incoming) -> Incoming:
    """The same prediction, with so little history that its status is ok."""
    if record.value is None or not record.key.startswith(b"capacity|"):
        return record
    return record._replace(value=orjson.dumps(orjson.loads(record.value) | {"status": "ok", "supported_h": 5.0}))


def test_a_view_that_is_not_there_is_said_so(visit: Visit, fleet: Served) -> None:
    page = visit(fleet, "nonsense")
    expect(page.get_by_text("There is no view \N{LEFT DOUBLE QUOTATION MARK}nonsense")).to_be_visible()
    page.keyboard.press("2")
    expect(page.get_by_text("There is no view")).to_have_count(0)


def test_a_token_is_asked_for_and_kept_in_the_tab_alone(visit: Visit, serve: Serve, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text(f"{TOKEN} sre\nanother-token-of-the-shop shop team=shop\n")
    page = visit(serve(serve={"now": "event", "tokens_file": str(tokens)}))
    expect(page.get_by_role("heading", name="A token, please")).to_be_visible()
    box = page.get_by_label("Token", exact=True)
    box.fill("a-wrong-token-of-nobody")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="This token is not known here")).to_be_visible()
    box.fill(TOKEN)
    page.keyboard.press("Enter")
    expect(page.locator("li.row").first).to_be_visible()
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    assert page.evaluate("Object.values(sessionStorage)") == [TOKEN]
    assert page.evaluate("JSON.stringify(localStorage) + document.cookie + location.href").find(TOKEN) == -1
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="A token, please")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0


def test_a_team_sees_its_own(visit: Visit, serve: Serve, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text(f"{TOKEN} shop team=shop\n")
    page = visit(serve(serve={"now": "event", "tokens_file": str(tokens)}))
    page.get_by_label("Token", exact=True).fill(TOKEN)
    page.keyboard.press("Enter")
    rows = page.locator("li.row")
    expect(rows.first).to_be_visible()
    expect(rows.filter(has_text="payment")).to_have_count(0)
