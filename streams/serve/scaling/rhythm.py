"""The rhythm of decisions: a beat, at which scalers decide without being asked and streams look again."""

import asyncio
from collections.abc import AsyncIterator, Callable

EVERY_S = 15.0
"""As often as an HPA looks, by default."""


class Rhythm:
    """Tells everybody who listens of each beat."""

    def __init__(self) -> None:
        self._next = asyncio.Event()
        self._ended = False

    def beat(self) -> None:
        """Let everybody go on who waits for a beat."""
        self._next.set()
        self._next = asyncio.Event()

    def end(self) -> None:
        """No beat comes any more."""
        self._ended = True
        self.beat()

    async def beats(self) -> AsyncIterator[None]:
        """At once, and after every beat, until the end."""
        while not self._ended:
            following = self._next
            yield
            await following.wait()


async def keep(rhythm: Rhythm, at_each: Callable[[], None]) -> None:
    """Beat until cancelled."""
    try:
        while True:
            at_each()
            rhythm.beat()
            await asyncio.sleep(EVERY_S)
    finally:
        rhythm.end()
