"""The one way an error ends the process: it is said clearly, and nothing is acknowledged after it."""

import asyncio
from typing import NoReturn

from aiokafka.errors import NotLeaderForPartitionError, UnknownTopicOrPartitionError
from structlog import get_logger

from streams.cli.errors import UserError

log = get_logger(__name__)


def is_of_a_topic(error: BaseException) -> bool:
    """Whether Kafka says so of a topic that is gone; the worker then asks which."""
    return isinstance(error, NotLeaderForPartitionError | UnknownTopicOrPartitionError)


class Fatal:
    """The first error that must end the process."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self.happened = asyncio.Event()

    def report(self, error: BaseException, doing: str) -> None:
        """End the process; `doing` says, in words, what failed."""
        if self.error is None:
            self.error = error
            # An error for people says all there is to say; of any other, the place it came from matters.
            trace = None if isinstance(error, UserError) or is_of_a_topic(error) else error
            log.error(f"{doing} failed; the worker ends", error=f"{type(error).__name__}: {error}", exc_info=trace)
            self.happened.set()

    async def halt(self, error: BaseException, doing: str) -> NoReturn:
        """Report and never return: whoever calls this must not go on to the next record."""
        self.report(error, doing)
        while True:
            await asyncio.Event().wait()
