"""Those who should not get in: wrong tokens, other teams, tricks with paths, too much of everything."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import httpx
import pytest

from streams.serve.api.app import make_app
from streams.serve.api.gate import HEADERS_MAX, PATH_BYTES_MAX, QUERY_BYTES_MAX, SECURITY_HEADERS
from streams.serve.context import ServeContext
from tests.streams.serve.api.asking import ALL, PAY, SHOP, ask, bearer, body, context, with_tokens

DISK_OF_SHOP = 'disk_used_bytes{host="a",namespace="shop"}'
DISK_OF_PAY = 'disk_used_bytes{host="c",namespace="pay"}'
SHARED = '{}|1700028000000|{host="a",namespace="shop"}'
"""An incident of both teams."""

OF_SHOP = '{}|1700049600000|{host="b",namespace="shop"}'
LISTS = [f"/api/v1/{name}" for name in ("series", "capacity", "failures", "quality", "anomalies", "incidents")]
EVERYTHING = [
    *LISTS,
    *("/api/v1/status", "/api/v1/live", "/api/v1/incidents/x", "/metrics", "/openapi.json"),
    *("/api/v1/series/one?series=x", "/api/v1/forecast?series=x", "/api/v1/scale/x", "/docs", "/redoc"),
    *("/api", "/api/v1", "/none", "/livez/", "/asset"),
]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> ServeContext:
    return with_tokens(tmp_path_factory.mktemp("tokens"))


@pytest.mark.parametrize("path", EVERYTHING)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {ALL}x"},
        {"Authorization": f"Bearer {ALL[:-1]}"},
        {"Authorization": f"Bearer {ALL} {ALL}"},
        {"Authorization": f"Basic {ALL}"},
        {"Authorization": ALL},
        {"Authorization": "Bearer -"},
        {"X-Forwarded-User": "sre", "X-Real-IP": "127.0.0.1", "Cookie": f"token={ALL}"},
    ],
    ids=range(11),
)
def test_nobody_gets_in_without_a_token(guarded: ServeContext, path: str, headers: dict[str, str]) -> None:
    answer = ask(guarded, path, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthorized"
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_in_the_query_is_none(guarded: ServeContext) -> None:
    assert ask(guarded, "/api/v1/status", token=ALL, access_token=ALL).status_code == 401


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_probes_need_no_token_and_tell_nothing(guarded: ServeContext, path: str) -> None:
    answer = ask(guarded, path)
    assert answer.status_code == 200
    assert "shop" not in answer.text


# Other teams


def _texts(answer: Any) -> Iterator[str]:
    if isinstance(answer, dict):
        for value in answer.values():
            yield from _texts(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from _texts(value)
    elif isinstance(answer, str):
        yield answer


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(("token", "own", "other"), [(SHOP, "shop", "pay"), (PAY, "pay", "shop")])
def test_a_team_sees_its_own_in_every_list(guarded: ServeContext, path: str, token: str, own: str, other: str) -> None:
    everything = body(ask(guarded, path, headers=bearer(ALL), limit=200))["items"]
    mine = body(ask(guarded, path, headers=bearer(token), limit=200))["items"]
    assert not [text for text in _texts(mine) if f'"{other}"' in text or text == other]
    visible = [one for one in everything if any(f'"{own}"' in text or text == own for text in _texts(one))]
    assert len(mine) == len(visible)
    if path != "/api/v1/anomalies":
        assert len(mine) > 0


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("label", ["namespace=pay", "host=c"])
def test_no_filter_reaches_another_team(guarded: ServeContext, path: str, label: str) -> None:
    assert body(ask(guarded, path, headers=bearer(SHOP), label=label))["items"] == []
    assert body(ask(guarded, path, headers=bearer(SHOP), label=["namespace=shop", label]))["items"] == []


@pytest.mark.parametrize("path", LISTS)
def test_another_teams_cursor_shows_nothing_more(guarded: ServeContext, path: str) -> None:
    cursor = body(ask(guarded, path, headers=bearer(ALL), limit=1))["next"]
    if cursor is not None:
        page = ask(guarded, path, headers=bearer(SHOP), limit=200, cursor=cursor)
        assert not [text for text in _texts(body(page)) if '"pay"' in text or text == "pay"]


@pytest.mark.parametrize("path", ["/api/v1/series/one", "/api/v1/forecast"])
def test_another_teams_series_is_not_there(guarded: ServeContext, path: str) -> None:
    assert ask(guarded, path, headers=bearer(SHOP), series=DISK_OF_SHOP).status_code == 200
    hidden = ask(guarded, path, headers=bearer(SHOP), series=DISK_OF_PAY)
    missing = ask(guarded, path, headers=bearer(SHOP), series="none")
    assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content)
    assert hidden.status_code == 404


def test_an_incident_shows_the_members_that_one_may_see(guarded: ServeContext) -> None:
    whole = body(ask(guarded, f"/api/v1/incidents/{quote(SHARED, safe='')}", headers=bearer(ALL)))
    assert {member["entity"] for member in whole["members"]} == {
        '{host="a",namespace="shop"}',
        '{host="c",namespace="pay"}',
    }
    mine = body(ask(guarded, "/api/v1/incidents", headers=bearer(PAY)))["items"]
    assert len(mine) == 1
    (member,) = mine[0]["members"]
    assert (member["entity"], member["rank"]) == ('{host="c",namespace="pay"}', 1)
    # Nor does its id name whom one may not see, and it is found by the one that is told.
    one = body(ask(guarded, f"/api/v1/incidents/{mine[0]['id']}", headers=bearer(PAY)))
    assert "shop" not in repr(one)
    assert {moment["entity"] for moment in one["timeline"]} == {None, '{host="c",namespace="pay"}'}
    assert ask(guarded, f"/api/v1/incidents/{OF_SHOP}", headers=bearer(SHOP)).status_code == 200
    assert ask(guarded, f"/api/v1/incidents/{OF_SHOP}", headers=bearer(PAY)).status_code == 404


def test_counts_are_of_what_one_may_see(guarded: ServeContext) -> None:
    of = {token: body(ask(guarded, "/api/v1/status", headers=bearer(token))) for token in (ALL, SHOP, PAY)}
    assert of[SHOP]["series"] + of[PAY]["series"] == of[ALL]["series"] == 12
    assert of[SHOP]["counts"]["capacity"] + of[PAY]["counts"]["capacity"] == of[ALL]["counts"]["capacity"]
    assert sum(of[SHOP]["by_quality"].values()) == of[SHOP]["series"]


def test_a_certificate_is_a_name_of_the_file(guarded: ServeContext) -> None:
    for name, status in (("keda.example", 200), ("shop", 200), ("mallory", 403)):
        assert ask(guarded, "/api/v1/status", client_name=name).status_code == 401  # no header and no parameter says so
        assert _ask_as(guarded, name).status_code == status


def _ask_as(asked: ServeContext, name: str) -> httpx.Response:
    """A request on a connection whose handshake has verified that name."""

    async def request() -> httpx.Response:
        app = make_app(asked)

        async def connected(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": {"client_name": name}}, receive, send)

        async with httpx.AsyncClient(transport=httpx.ASGITransport(connected), base_url="http://x") as client:
            return await client.get("/api/v1/status")

    return asyncio.run(request())


# Tricks


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/api/v1/..%2fseries",
            "/api/v1/%2e%2e/series",
            "/assets/..%2f..%2fapi/v1/series",
            "/assets/%2e%2e/x",
        ),
        *("//api/v1/series", "/api//v1/series", "/assets//api", "/api/v1/series%00", "/api/v1/series%0d%0aX: y"),
        *("/assets/..%5c..%5capi", "/livez/..%2fapi/v1/series", "/%2e/api/v1/series", "/" + "a" * (PATH_BYTES_MAX + 1)),
    ],
)
def test_tricks_with_paths_are_refused(guarded: ServeContext, path: str) -> None:
    for headers in ({}, bearer(ALL)):
        answer = _raw(guarded, path, headers)
        assert answer.status_code == 400
        assert answer.json()["error"]["code"] == "bad_path"


def _raw(asked: ServeContext, path: str, headers: dict[str, str]) -> httpx.Response:
    """The path as it is written: a client would tidy it up."""

    async def request() -> httpx.Response:
        app = make_app(asked)

        async def written(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "path": unquote(path)}, receive, send)

        async with httpx.AsyncClient(transport=httpx.ASGITransport(written), base_url="http://127.0.0.1") as client:
            return await client.get("/", headers=headers)

    return asyncio.run(request())


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"])
@pytest.mark.parametrize("path", ["/api/v1/series", "/livez", "/none"])
def test_there_is_nothing_to_change(guarded: ServeContext, method: str, path: str) -> None:
    answer = ask(guarded, path, method=method, headers=bearer(ALL))
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert "access-control-allow-origin" not in answer.headers


def test_head_is_get_without_the_body(guarded: ServeContext) -> None:
    get = ask(guarded, "/api/v1/capacity", headers=bearer(ALL))
    head = ask(guarded, "/api/v1/capacity", method="HEAD", headers=bearer(ALL))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == get.headers["etag"]
    assert ask(guarded, "/api/v1/capacity", method="HEAD").status_code == 401
    assert ask(guarded, "/api/v1/live", method="HEAD", headers=bearer(ALL)).status_code == 405


# Too much


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"q": "x" * QUERY_BYTES_MAX}, 413),
        ({"q": "x" * 300}, 422),
        ({"metric": "*" * 300}, 422),
        ({"label": [f"a{number}=b" for number in range(17)]}, 422),
        ({"cursor": "A" * 5_000}, 422),
        ({"cursor": "AAAA"}, 400),
        ({"cursor": "../../etc/passwd"}, 400),
        ({"cursor": "ÄÖÜ"}, 400),
        ({"limit": "-1"}, 422),
        ({"limit": "1e9"}, 422),
        ({"limit": "99999999999999999999999"}, 422),
        ({"limit": ["1", "2", "x"]}, 422),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/series", "/api/v1/capacity"])
def test_absurd_queries_are_refused(guarded: ServeContext, path: str, params: dict[str, Any], status: int) -> None:
    answer = ask(guarded, path, headers=bearer(ALL), **params)
    assert answer.status_code == status
    assert answer.json()["error"]["code"]


@pytest.mark.parametrize("metric", ["*" * 200 + "!", "[" * 200, "[!" + "a-" * 100 + "]", "?" * 256, "\\"])
def test_no_pattern_takes_long(guarded: ServeContext, metric: str) -> None:
    assert ask(guarded, "/api/v1/series", headers=bearer(ALL), metric=metric).status_code == 200


def test_floods_of_headers_and_bodies_are_refused(guarded: ServeContext) -> None:
    flood = {f"x-{number}": "y" for number in range(HEADERS_MAX + 1)}
    assert ask(guarded, "/livez", headers=flood).status_code == 413
    assert ask(guarded, "/api/v1/series", headers=bearer(ALL) | {"Content-Length": "999999999"}).status_code == 413
    assert ask(guarded, "/api/v1/series", headers=bearer(ALL) | {"Transfer-Encoding": "chunked"}).status_code == 413


@pytest.mark.parametrize("path", ["/livez", "/api/v1/series", "/none", "/api/v1/series?limit=x", "/api//v1"])
@pytest.mark.parametrize("headers", [{}, bearer(ALL)])
def test_every_answer_has_its_headers(guarded: ServeContext, path: str, headers: dict[str, str]) -> None:
    answer = ask(guarded, path, headers=headers)
    assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert "server" not in answer.headers


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:9470", ""])
def test_without_tokens_no_other_name_reaches_this_machine(host: str) -> None:
    """A page elsewhere whose name is made to point here could read all of it."""
    assert ask(context(), "/api/v1/series", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9470", "localhost:9470", "[::1]:9470", "10.0.0.7:80"])
def test_an_address_cannot_be_made_to_point_elsewhere(host: str) -> None:
    assert ask(context(), "/api/v1/series", headers={"Host": host}).status_code == 200


def test_a_defect_tells_nothing_of_itself(tmp_path: Path) -> None:
    asked = with_tokens(tmp_path)
    asked.board.directory.in_order = lambda: 1 / 0  # type: ignore[method-assign,assignment,return-value]
    answer = ask(asked, "/api/v1/series", headers=bearer(ALL))
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"
    assert "ZeroDivision" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
