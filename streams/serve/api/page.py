"""The page: what breaks next, for people. Its files ask the API, and hold nothing that needs a token."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from streams.serve.context import ServeContext

BUILT = Path(__file__).parent.parent / "page" / "dist"
"""Where `make page` builds it, and where a wheel carries it."""

NOT_BUILT = (
    "The page of foreshock is not built here. In a clone, install Node 20.19 or later and run `make page`; "
    "wheels and images carry it. The API answers without it: /api/v1/capacity, /api/v1/failures.\n"
)

ASKED_EACH_TIME = "no-cache"
KEPT_FOR_EVER = "public, max-age=31536000, immutable"
"""An asset's name has a hash of what is in it: another build has other names."""


def attach_page(app: FastAPI, _context: ServeContext) -> None:
    """Serve the page of this installation."""
    add_page(app, BUILT)


def add_page(app: FastAPI, built: Path) -> None:
    """Serve a page at `/` and what it is made of under `/assets`."""

    @app.get("/", include_in_schema=False)
    async def page() -> Response:
        index = built / "index.html"
        if not index.is_file():
            return PlainTextResponse(NOT_BUILT, status_code=503)
        return FileResponse(index, headers={"Cache-Control": ASKED_EACH_TIME})

    if (built / "assets").is_dir():
        app.mount("/assets", _Assets(directory=built / "assets"), name="assets")


class _Assets(StaticFiles):
    """Files that never change under their names."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code < 400:
            response.headers["Cache-Control"] = KEPT_FOR_EVER
        return response
