"""A role's contact with the coordinator of its consumer group: when it was heard last, and whether we were put out.

aiokafka tries a coordinator that it can't reach again for ever, and a member that the group no longer knows joins anew,
both in silence. With a `worker.instance_id` the second is harmful: a member is forgotten at once only when another one
has joined under its name, and whoever joins again puts that one out in its turn.
"""

import time
from collections.abc import Collection

from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    KafkaError,
    NotCoordinatorForGroupError,
    UnknownMemberIdError,
)

from streams.cli.errors import UserError

FENCED_INSTANCE_ID = 82
"""Kafka's error code; aiokafka has no name for it."""

_NO_COORDINATOR = {
    error.errno for error in (GroupCoordinatorNotAvailableError, GroupLoadInProgressError, NotCoordinatorForGroupError)
}
_PUT_OUT = {UnknownMemberIdError.errno, FENCED_INSTANCE_ID}


class FencedError(UserError, KafkaError):  # type: ignore[misc]  # aiokafka has no types
    """Another worker has joined under this one's `worker.instance_id`, and has its partitions now.

    A `KafkaError`, for aiokafka handles no other where it meets this one.
    """

    __str__ = Exception.__str__


class GroupContact:
    """Written by the consumer's thread, read by the worker.

    Parameters
    ----------
    group
        The consumer group, for messages.
    instance_id
        `worker.instance_id`.
    session_timeout_s
        After a silence of this length the group forgets a member by itself.
    """

    def __init__(self, group: str, instance_id: str | None, session_timeout_s: float) -> None:
        self.fenced: FencedError | None = None
        self._group, self._instance_id = group, instance_id
        self._session_timeout_s = session_timeout_s
        self._heard_at = time.monotonic()

    def silence_s(self) -> float:
        """How long ago the coordinator answered last; from the start on, if it never did."""
        return time.monotonic() - self._heard_at

    @property
    def is_lost(self) -> bool:
        """Whether the coordinator has been silent for so long that the group forgets this member."""
        return self.silence_s() > self._session_timeout_s

    def ask(self) -> None:
        """To be called before every request to the coordinator.

        Raises
        ------
        FencedError
            If we were put out: whatever we asked, joining above all, would harm the one who is in.
        """
        if self.fenced is not None:
            raise self.fenced

    def answered(self, codes: Collection[int]) -> None:
        """To be called with the error codes of every answer; 0 is none.

        Raises
        ------
        FencedError
            If the answer says that we were put out.
        """
        silence_s = self.silence_s()
        if not _NO_COORDINATOR.intersection(codes):
            self._heard_at = time.monotonic()
        if self._instance_id and silence_s < self._session_timeout_s and _PUT_OUT.intersection(codes):
            self.fenced = FencedError(
                f"{self._group}: another worker has joined as worker.instance_id {self._instance_id!r} and has this"
                f" one's partitions (FencedInstanceId; the group was in touch {silence_s:.1f} s ago)."
                " Give each worker a worker.instance_id of its own"
            )
            raise self.fenced
