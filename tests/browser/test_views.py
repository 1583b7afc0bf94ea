"""Every view shows what the API says."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

from playwright.sync_api import expect

from tests.browser.fleet import told
from tests.browser.served import Served
from tests.browser.visitor import Visit

VOLUME = 'volume_used_bytes{host="host-02",team="shop",volume="vol-02",zone="eu-1a"}'
ERRORS = 'error_rate{service="checkout",team="edge",zone="eu-1a"}'


def ask(served: Served, path: str) -> Any:
    """What the API says."""
    with urlopen(f"{served.url}/api/v1{path}") as answer:
        return json.load(answer)


def series_route(series: str) -> str:
    """Where the page shows a series."""
    return f"series/{quote(series, safe='')}"


def test_what_breaks_next_is_one_list_most_urgent_first(visit: Visit, fleet: Served) -> None:
    page = visit(fleet)
    expect(page.get_by_role("heading", name="What breaks next")).to_be_visible()
    rows = page.get_by_role("list", name="what breaks next, most urgent first").locator("> li")
    # The service that is down, and its host.
    expect(rows.locator(".when strong").nth(0)).to_have_text("failing now")
    expect(rows.filter(has_text="failing now")).to_have_count(2)
    expect(rows.filter(has_text="failing now").filter(has_text="payment")).to_have_count(1)
    capacity = ask(fleet, "/capacity?limit=1")["items"][0]
    volume = rows.filter(has_text="host-02 / vol-02")
    expect(volume).to_contain_text("imminent")
    # What its entity does not tell: elsewhere only that tells two volumes of a host apart.
    expect(volume.locator(".labels small")).to_have_text(["team=shop", "zone=eu-1a"])
    expect(volume.locator(".when strong")).to_contain_text("give or take")
    within_day = f"{round(100 * capacity['p_within_24h'])} % within a day"
    assert capacity["series"] == VOLUME
    expect(volume.get_by_role("list")).to_contain_text(within_day)
    expect(volume.locator("canvas")).to_have_count(1)


def test_never_is_said_so(visit: Visit, fleet: Served) -> None:
    page = visit(fleet, "?kind=capacity&rows=100")
    never = [one for one in ask(fleet, "/capacity?limit=100")["items"] if one["exhausted_at_p10_ms"] is None]
    assert never
    expect(page.get_by_text("not within 30 days")).to_have_count(len(never))


def test_a_list_is_made_longer_and_narrowed_by_the_server(visit: Visit, fleet: Served) -> None:
    page = visit(fleet, "?rows=5")
    rows = page.locator("li.row")
    everything = ask(fleet, "/capacity?limit=200")["items"] + ask(fleet, "/failures?limit=200")["items"]
    # Nothing is told that something unseen might come before.
    expect(rows.first).to_be_visible()
    assert 5 <= rows.count() < 10
    for _ in range(2):
        page.get_by_role("button", name="Show more").click()
    expect(rows).to_have_count(len(everything))
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)
    page.get_by_role("searchbox").fill("team=shop volume")
    expect(rows).to_have_count(len(ask(fleet, "/capacity?label=team%3Dshop&q=volume")["items"]))
    assert "q=team%3Dshop+volume" in page.url


def test_kinds_can_be_looked_at_alone(visit: Visit, fleet: Served) -> None:
    page = visit(fleet)
    page.get_by_role("button", name="Fails").click()
    expect(page.locator("li.row")).to_have_count(len(ask(fleet, "/failures?limit=25")["items"]))
    expect(page.get_by_text("volume_used_bytes")).to_have_count(0)


def test_the_summary_has_the_counts_of_the_status(visit: Visit, fleet: Served) -> None:
    status = ask(fleet, "/status")
    summary = visit(fleet).get_by_label("summary")
    for name, value in {"imminent": status["severities"]["soon"], "series": status["series"]}.items():
        figure = summary.locator(".figure").filter(has=summary.page.get_by_text(name, exact=True))
        expect(figure.locator("dd")).to_have_text(str(value))


def test_a_series_has_its_course_limit_distribution_and_record(visit: Visit, fleet: Served) -> None:
    page = visit(fleet, series_route(VOLUME))
    expect(page.get_by_role("heading", level=1)).to_have_text("host-02 / vol-02 volume_used_bytes")
    expect(page.get_by_role("img", name="volume_used_bytes: ")).to_be_visible()
    one = ask(fleet, f"/series/one?series={quote(VOLUME)}")
    card = page.locator("[data-card=capacity]")
    expect(card).to_contain_text("of 500 GiB")
    expect(card.get_by_role("img", name="probability that the limit has been reached")).to_be_visible()
    came = [value for value in one["past"]["came"] if value is not None]
    assert len(came) > 10
    expect(page.locator("[data-card=record]")).to_contain_text(f"of {len(came)}")
    page.get_by_text("The forecast in figures").click()
    expect(page.locator("details table tbody tr").first).to_be_visible()
    expect(page.locator("details").first.locator("tbody tr")).to_have_count(len(one["forecast"]["horizon_steps"]))


def test_pointing_at_the_chart_tells_values(visit: Visit, fleet: Served) -> None:
    page = visit(fleet, series_route(VOLUME))
    page.locator(".chart .u-over").first.hover(position={"x": 900, "y": 100})
    expect(page.locator(".readout")).to_contain_text("GiB")


def test_a_series_with_a_rule_says_how_its_predictions_fared(visit: Visit, fleet: Served) -> None:
    page = visit(fleet, series_route(ERRORS))
    failure = ask(fleet, f"/series/one?series={quote(ERRORS)}")["failures"][0]
    card = page.locator("[data-card=failure]")
    expect(card).to_contain_text(f"{failure['failures_seen']} failures in {failure['looks_settled']:,} looks")
    expect(card).to_contain_text(f"{failure['brier']:.3f}, {failure['base_brier']:.3f}")


def test_a_series_that_is_not_there_is_said_so(visit: Visit, fleet: Served) -> None:
    page = visit(fleet, series_route('nonsense{host="x"}'))
    expect(page.get_by_text("There is no such series")).to_be_visible()


def test_series_are_found_and_opened(visit: Visit, fleet: Served) -> None:
    page = visit(fleet, "series")
    page.get_by_role("searchbox").fill("error_rate service=checkout")
    link = page.get_by_role("main").get_by_role("link", name="checkout")
    expect(link).to_have_count(1)
    link.click()
    expect(page.get_by_role("heading", name="checkout error_rate")).to_be_visible()


def test_pages_of_series_come_from_the_server(visit: Visit, fleet: Served) -> None:
    page = visit(fleet, "series")
    first = ask(fleet, "/series?limit=50")
    assert first["next"] is not None, "the fleet has more than a page"
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(50)
    page.get_by_role("button", name="next →").click()
    second = ask(fleet, f"/series?limit=50&cursor={quote(first['next'])}")
    expect(rows).to_have_count(len(second["items"]))
    page.get_by_role("button", name="← before").click()
    expect(rows).to_have_count(50)


def test_incidents_are_on_a_timeline_the_predicted_ones_marked(visit: Visit, fleet: Served) -> None:
    page = visit(fleet, "incidents?state=open")
    items = ask(fleet, "/incidents?state=open")["items"]
    bars = page.locator(".stretch")
    expect(bars).to_have_count(len(items))
    assert {one["predicted"] for one in items} == {True, False}
    expect(page.locator(".bar.predicted")).to_have_count(sum(one["predicted"] for one in items))
    expect(bars.filter(has_text="payment")).to_contain_text("going on")


def test_an_incident_has_its_members_in_the_order_of_cause(visit: Visit, fleet: Served) -> None:
    page = visit(fleet, "incidents?state=open")
    page.get_by_role("link", name="payment").click()
    expect(page.get_by_role("heading", name="Incident: payment")).to_be_visible()
    members = page.get_by_role("list", name="members, the likeliest cause first").locator("> li")
    expect(members.first).to_contain_text("payment")
    expect(members.first).to_contain_text("above its usual place")
    expect(page.locator("ol.course li").first).to_contain_text("opened")


def test_anomalies_say_what_is_strange(visit: Visit, fleet: Served) -> None:
    page = visit(fleet, "anomalies?state=open")
    expect(page.locator("tbody tr")).to_have_count(len(ask(fleet, "/anomalies?state=open")["items"]))
    expect(page.locator("tbody tr").filter(has_text="payment error_rate")).to_contain_text("expected")


def test_quality_has_the_worst_first(visit: Visit, fleet: Served) -> None:
    page = visit(fleet, "quality")
    worst = ask(fleet, "/quality?limit=1")["items"][0]
    assert worst["skill"] < 0
    first = page.locator("tbody tr").first
    expect(first).to_contain_text(worst["metric"])
    minus = "\N{MINUS SIGN}"
    expect(first).to_contain_text(f"{minus}{round(-100 * worst['skill'])} %")
    expect(first).to_contain_text(f"{round(100 * worst['coverage_80'])} %")


def test_the_fleet_has_lag_quality_and_event_time(visit: Visit, fleet: Served) -> None:
    page = visit(fleet, "fleet")
    status = ask(fleet, "/status")
    expect(page.get_by_role("row", name="foreshock.samples 0")).to_be_visible()
    expect(page.locator(".card").filter(has_text="Forecasts by what came")).to_contain_text(str(status["series"]))
    expect(page.get_by_text("up to date")).to_be_visible()
    expect(page.get_by_text(status["model"])).to_be_visible()


def test_times_are_those_of_the_fleet_not_of_the_reader(visit: Visit, fleet: Served) -> None:
    page = visit(fleet, "series")
    expect(page.locator("td[data-name=at]").first).to_have_text("now")
    expect(page.locator("td[data-name=at] time").first).to_have_attribute("datetime", iso(told().now_ms))
    page.goto(f"{fleet.url}/#/")
    at = datetime.fromtimestamp(told().now_ms / 1000, UTC)
    expect(page.get_by_label("summary")).to_contain_text(f"{at:%a %H:%M}")


def iso(at_ms: int) -> str:
    """An instant as the page's elements have it."""
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%dT%H:%M:%S}.000Z"
