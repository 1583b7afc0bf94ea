"""Answers, and their entity tags: who asks again is told that nothing has changed.

The tag is a hash of what is answered but for `now_ms`, which changes all the time and says nothing by itself.
"""

from hashlib import blake2b
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

TAG_BYTES = 12
HEADERS = {"cache-control": "private, no-cache", "vary": "Authorization"}


def answer(request: Request, body: dict[str, Any], now_ms: int) -> Response:
    """The body with the time, or 304 where the asker has it."""
    content = orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY)
    tag = f'W/"{blake2b(content, digest_size=TAG_BYTES).hexdigest()}"'
    headers = {**HEADERS, "etag": tag}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(None, 304, headers)
    # Into the object that was dumped, so that it need not be dumped twice.
    timed = b'{"now_ms":%d,' % now_ms + content[1:] if body else content
    return Response(timed, 200, headers, media_type="application/json")


def _has(if_none_match: str, tag: str) -> bool:
    tags = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return tag.removeprefix("W/") in tags or "*" in tags
