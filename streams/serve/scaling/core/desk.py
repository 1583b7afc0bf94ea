"""The desk: all scalers, what each has been held to, and what they have said lately."""

from collections import Counter, deque
from collections.abc import Iterable
from typing import NamedTuple

from streams.serve.scaling.core.board import Board
from streams.serve.scaling.core.decision import Decision, decide
from streams.serve.scaling.core.refusals import Refusal
from streams.serve.scaling.core.restraint import Restraint
from streams.settings.scalers import Scaler

KEPT = 240
"""Outcomes that are kept of each scaler: an hour of them, where one is made every quarter of a minute."""


SAME_MS = 1_000
"""A question that comes so soon after another one has the same answer."""


class Outcome(NamedTuple):
    """What came of a question, and when it was asked."""

    at_ms: int
    answer: Decision | Refusal


class Desk:
    """Answers for the scalers of the settings.

    Questions of many callers are one conversation: two that come within a second have the same answer, so that nobody
    can wear out the processor, or what is kept, by asking.
    """

    def __init__(self, scalers: Iterable[Scaler], board: Board) -> None:
        self.scalers = {scaler.name: scaler for scaler in scalers}
        self._board = board
        self._restraints = {name: Restraint(scaler) for name, scaler in self.scalers.items()}
        self._kept: dict[str, deque[Outcome]] = {name: deque(maxlen=KEPT) for name in self.scalers}
        self._counts: Counter[tuple[str, str]] = Counter()

    def ask(self, name: str, now_ms: int) -> Outcome:
        """The answer of a scaler that there is. It says what would be done, also of a scaler on a dry run."""
        kept = self._kept[name]
        if kept and 0 <= now_ms - kept[-1].at_ms < SAME_MS:
            return kept[-1]
        answer = decide(self._board, self.scalers[name], self._restraints[name], now_ms)
        self._counts[name, answer.reason.value if isinstance(answer, Refusal) else "ok"] += 1
        kept.append(Outcome(now_ms, answer))
        return kept[-1]

    def kept(self, name: str) -> list[Outcome]:
        """The newest outcomes of a scaler, the newest first."""
        return list(reversed(self._kept[name]))

    def counts(self) -> dict[tuple[str, str], int]:
        """How often each scaler answered (`ok`), or refused for each reason."""
        return dict(self._counts)
