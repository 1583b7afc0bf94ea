"""When Alertmanagers are told: at once, then every so often while an alert fires, and for a while after its end."""

from collections.abc import Iterable

from streams.serve.alerting.alert import Alert, Turn
from streams.serve.alerting.identity import Identity
from streams.settings.durations import MINUTE_MS

TOLD_AFTER_END_MS = 5 * MINUTE_MS
"""An end that was told only once could be lost; the alert would be over anyway, but later."""


class Rota:
    """What is due, by the clock of whoever is told."""

    def __init__(self, resend_every_ms: int) -> None:
        self._resend_every_ms = resend_every_ms
        self._told_at_ms: dict[Identity, int] = {}
        self._ended: dict[Identity, tuple[Alert, int]] = {}

    def due(self, firing: Iterable[Alert], turns: Iterable[Turn], wall_ms: int) -> list[Alert]:
        """The alerts to tell now.

        Parameters
        ----------
        firing
            All that fire.
        turns
            What has turned since this was asked last.
        """
        fires = {alert.labels: alert for alert in firing}
        for turn in turns:
            # An end that nobody was told the beginning of is no news.
            if not turn.begins and self._told_at_ms.pop(turn.alert.labels, None) is not None:
                self._ended[turn.alert.labels] = (turn.alert, wall_ms)
        self._ended = {
            labels: (alert, since_ms)
            for labels, (alert, since_ms) in self._ended.items()
            if labels not in fires and wall_ms - since_ms <= TOLD_AFTER_END_MS
        }
        candidates = [*fires.values(), *[alert for alert, _ in self._ended.values()]]
        due = [alert for alert in candidates if self._is_due(alert.labels, wall_ms)]
        known = {alert.labels for alert in candidates}
        self._told_at_ms = {labels: at_ms for labels, at_ms in self._told_at_ms.items() if labels in known}
        self._told_at_ms |= {alert.labels: wall_ms for alert in due}
        return due

    def _is_due(self, labels: Identity, wall_ms: int) -> bool:
        told_at_ms = self._told_at_ms.get(labels)
        return told_at_ms is None or wall_ms - told_at_ms >= self._resend_every_ms
