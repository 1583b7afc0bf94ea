"""Spent signs: those of incidents that lived too long. They open no other incident until they have been quiet."""

from collections.abc import Iterable, Mapping

from streams.correlate.sign import Sign, score_name


class SpentSigns:
    """When each spent sign, by its name, was last shown."""

    def __init__(self) -> None:
        self._last_minute: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._last_minute)

    def spend(self, names: Iterable[str], minute: int) -> None:
        """From this minute on these are spent."""
        self._last_minute |= dict.fromkeys(names, minute)

    def take_from(self, minute: int, signs: Iterable[Sign], quiet_minutes: int) -> None:
        """Take what is spent off the signs of a minute. What was not shown for so long is spent no more."""
        if not self._last_minute:
            return
        for sign in signs:
            self._last_minute |= {name: minute for name in sign.names() if name in self._last_minute}
            sign.score = 0.0 if score_name(sign.entity) in self._last_minute else sign.score
            sign.notices = [notice for notice in sign.notices if notice.name not in self._last_minute]
        self._last_minute = {name: last for name, last in self._last_minute.items() if minute - last < quiet_minutes}

    def dump(self) -> dict[str, int]:
        """In plain values."""
        return dict(sorted(self._last_minute.items()))

    def load(self, fields: Mapping[str, int]) -> None:
        """Put back what `dump` made."""
        self._last_minute = dict(fields)
