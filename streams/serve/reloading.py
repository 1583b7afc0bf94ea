"""What changes while `serve` runs: who may ask. It is no prediction's business, so no log has to know of it."""

import asyncio
import signal
from functools import partial

from structlog import get_logger

from streams.serve.api.auth import GuestList, TokensFileError, guests_of
from streams.settings.serve import ServeSettings

log = get_logger(__name__)


def reload_on_hangup(guest_list: GuestList, settings: ServeSettings) -> None:
    """Read `serve.tokens_file` again on SIGHUP, from now on; the running loop calls."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, partial(reload_guests, guest_list, settings))


def reload_guests(guest_list: GuestList, settings: ServeSettings) -> None:
    """Let those in whom the file names now. A file that can't be used changes nothing: a typo must not lock all out."""
    try:
        guests = guests_of(settings)
    except TokensFileError as error:
        log.warning("who may ask is as before", error=str(error))
        return
    guest_list.guests = guests
    log.info("tokens read again", tokens=len(guests.by_token) if guests else 0)
