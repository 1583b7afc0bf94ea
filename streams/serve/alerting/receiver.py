"""What Alertmanagers and webhooks have in common: a request with a time-out, and what is counted of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from structlog import get_logger

log = get_logger(__name__)

ANSWER_BYTES_SHOWN = 300
RETRIED = {408, 425, 429}
"""Answers of the kind "not you, but now" among those that say that the request is wrong."""


@dataclass(slots=True)
class Counts:
    """What became of what one receiver was sent."""

    sent: int = 0
    failed: int = 0
    """Attempts that failed; what is tried again counts each time."""
    dropped: int = 0
    """Given up."""


class SendError(Exception):
    """It was not taken; the message says why."""

    def __init__(self, message: str, *, again: bool) -> None:
        super().__init__(message)
        self.again = again
        """Whether it makes sense to try it again."""


async def post(session: aiohttp.ClientSession, url: str, body: bytes, headers: dict[str, str], timeout_ms: int) -> None:
    """Send a request, and be content with any answer from 200 on that is below 300.

    Raises
    ------
    SendError
        If nobody answers in time, or the answer is another.
    """
    await _request(session, "POST", url, timeout_ms, data=body, headers=headers)


async def get(
    session: aiohttp.ClientSession, url: str, query: dict[str, str], headers: dict[str, str], timeout_ms: int
) -> bytes:
    """Ask, and give the answer's body.

    Raises
    ------
    SendError
        As of `post`.
    """
    return await _request(session, "GET", url, timeout_ms, params=query, headers=headers)


async def _request(session: aiohttp.ClientSession, method: str, url: str, timeout_ms: int, **parts: Any) -> bytes:
    timeout = aiohttp.ClientTimeout(total=timeout_ms / 1000)
    try:
        # Where it is sent was said in the settings: it is not followed to anywhere else, with its token and all.
        async with session.request(method, url, timeout=timeout, allow_redirects=False, **parts) as answer:
            status, body = answer.status, await answer.read()
    except TimeoutError:
        raise SendError(f"no answer within {timeout_ms} ms", again=True) from None
    except (aiohttp.ClientError, OSError) as error:
        raise SendError(str(error) or type(error).__name__, again=True) from error
    if 200 <= status < 300:
        return body
    said = body[:ANSWER_BYTES_SHOWN].decode(errors="replace").strip() or "nothing more"
    raise SendError(f"answers {status}: {said}", again=status >= 500 or status in RETRIED)


def secret_of(path: str) -> str:
    """A secret from its file, read anew each time: whoever changes it need not restart anything.

    Raises
    ------
    SendError
        If it can't be read.
    """
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        raise SendError(f"{path}: {reason}", again=True) from error


class Mood:
    """Says once that a receiver does not take what it is sent, and once that it does again."""

    def __init__(self, receiver: str) -> None:
        self._receiver = receiver
        self._is_well = True

    def failed(self, error: SendError) -> None:
        """Something was not taken."""
        if self._is_well:
            log.warning("alerts are not taken", receiver=self._receiver, reason=str(error))
        self._is_well = False

    def succeeded(self) -> None:
        """Something was taken."""
        if not self._is_well:
            log.info("alerts are taken again", receiver=self._receiver)
        self._is_well = True
