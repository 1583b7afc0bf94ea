"""Says once that the broker is lost, why, and once that it is back.

The clients say the first hundreds of times and never the second.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import NoReturn

from structlog import get_logger

from streams.cli.errors import BrokerUnavailableError, UserError
from streams.edge.admin import ask_broker
from streams.edge.roles import Role
from streams.settings.model import Settings

log = get_logger(__name__)

LOOK_EVERY_S = 5.0
SESSION_SHARE = 1 / 3
"""After a silence of this share of the session timeout, three heartbeats, the broker is asked by another connection."""


async def watch_broker(roles: Sequence[Role], settings: Settings) -> NoReturn:
    """Runs until cancelled; whether to end for it is for `stalls` to say."""
    quiet_s = settings.broker.session_timeout_ms / 1000 * SESSION_SHARE
    lost_at_s: float | None = None
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        if lost_at_s is None and min(role.app.contact.silence_s() for role in roles) < quiet_s:
            continue
        reason = await _why_lost(settings)
        if reason is not None and lost_at_s is None:
            lost_at_s = time.monotonic()
            log.warning("the broker is lost; reading and publishing wait for it", reason=reason)
        elif reason is None and lost_at_s is not None:
            log.info("the broker is back", after_s=round(time.monotonic() - lost_at_s))
            lost_at_s = None


async def _why_lost(settings: Settings) -> str | None:
    """Why no broker can be reached; None: one can."""
    try:
        await ask_broker(settings)
    except BrokerUnavailableError as error:
        return str(error)
    except UserError:
        return None  # it answers, if only to refuse
    return None
