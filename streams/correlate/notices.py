"""The notices of one scope that are in force: each holds until the time that it says, or until it is said again."""

from collections.abc import Iterable, Iterator
from typing import Any

from streams.signals import Notice, notice_of

IN_FORCE_MAX = 10_000


class NoticesInForce:
    """The newest notice of each name; what is new while there are too many is passed over."""

    def __init__(self) -> None:
        self._by_name: dict[str, Notice] = {}

    def __len__(self) -> int:
        return len(self._by_name)

    def __iter__(self) -> Iterator[Notice]:
        """In the order of their names, whatever order they came in."""
        return iter([notice for _, notice in sorted(self._by_name.items())])

    def advance(self, now_ms: int, notices: Iterable[Notice]) -> None:
        """Drop those that have ended, and take those that have come."""
        self._by_name = {name: notice for name, notice in self._by_name.items() if notice.until_ms > now_ms}
        for notice in sorted(notices):
            if notice.name in self._by_name or len(self._by_name) < IN_FORCE_MAX:
                self._by_name[notice.name] = notice

    def dump(self) -> dict[str, Any]:
        """In plain values."""
        return {name: notice._asdict() for name, notice in sorted(self._by_name.items())}

    def load(self, fields: dict[str, Any]) -> None:
        """Put back what `dump` made."""
        self._by_name = {name: notice_of(notice) for name, notice in fields.items()}
