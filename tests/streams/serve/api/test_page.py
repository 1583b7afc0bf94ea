from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from streams.serve.api.page import NOT_BUILT, add_page


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text('<script type="module" src="/assets/index-1a2b.js"></script>')
    (folder / "assets" / "index-1a2b.js").write_text("let x = 1")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


def client(built: Path) -> TestClient:
    app = FastAPI()
    add_page(app, built)
    return TestClient(app)


def test_the_page_is_asked_for_each_time_and_its_parts_once(built: Path) -> None:
    page = client(built).get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-cache"
    part = client(built).get("/assets/index-1a2b.js")
    assert part.text == "let x = 1"
    assert "immutable" in part.headers["cache-control"]
    etag = part.headers["etag"]
    assert client(built).get("/assets/index-1a2b.js", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("path", ["/assets/../secret.txt", "/assets/%2e%2e/%2e%2e/secret.txt", "/assets//etc/passwd"])
def test_no_path_leads_out_of_the_page(built: Path, path: str) -> None:
    answer = client(built).get(path)
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("cache-control", "")


def test_a_page_that_is_not_built_says_what_to_do(tmp_path: Path) -> None:
    answer = client(tmp_path / "nowhere").get("/")
    assert answer.status_code == 503
    assert answer.text == NOT_BUILT
    assert "make page" in answer.text
    assert client(tmp_path / "nowhere").get("/assets/x.js").status_code == 404
