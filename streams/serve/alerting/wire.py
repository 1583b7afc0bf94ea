"""Alerts as others read them: Alertmanager's API v2, and CloudEvents 1.0 in structured mode."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from streams.serve.alerting.alert import Alert, Turn
from streams.serve.alerting.identity import ALERT_NAMES
from streams.serve.alerting.words import annotations

RESENDS_UNTIL_OVER = 5
"""An Alertmanager takes an alert for over when it has not heard of it for so many intervals. Prometheus says four; a
restart of serve has to read its topics first."""

EVENT_TYPE = "dev.foreshock.alert.v1"
SOURCE = "foreshock"
CLOUD_EVENT = "application/cloudevents+json"


class Wording:
    """How alerts are written.

    Parameters
    ----------
    page_url
        Where people reach the page.
    runbook_url
        A page with a section for each kind of alert, if there is one.
    """

    def __init__(self, page_url: str, runbook_url: str | None) -> None:
        self._page_url = page_url
        self._runbook_url = runbook_url

    def posting(self, alert: Alert, now_ms: int, wall_ms: int, resend_every_ms: int) -> dict[str, Any]:
        """An alert as Alertmanager takes it.

        Parameters
        ----------
        now_ms
            What time it is for serve, which may be event time.
        wall_ms
            What time it is for Alertmanager: event time that is ahead of it is cut off there.
        """
        if alert.ends_at_ms is None:
            ends_at_ms = wall_ms + RESENDS_UNTIL_OVER * resend_every_ms
        else:
            ends_at_ms = min(alert.ends_at_ms, wall_ms)
        return self._body(alert, now_ms) | {
            "startsAt": rfc3339(min(alert.starts_at_ms, ends_at_ms, wall_ms)),
            "endsAt": rfc3339(ends_at_ms),
        }

    def event(self, turn: Turn, now_ms: int) -> dict[str, Any]:
        """A turn of an alert as a CloudEvent. Its id follows from the alert: told again, it is the same."""
        alert = turn.alert
        status = "firing" if turn.begins else "resolved"
        starts_at, ends_at_ms = rfc3339(alert.starts_at_ms), alert.ends_at_ms
        return {
            "specversion": "1.0",
            "id": f"{alert.fingerprint}-{alert.starts_at_ms}-{status}",
            "source": SOURCE,
            "type": EVENT_TYPE,
            "subject": alert.fingerprint,
            "time": rfc3339(turn.at_ms),
            "datacontenttype": "application/json",
            "data": {"status": status, "kind": alert.finding.kind}
            | self._body(alert, now_ms)
            | {"startsAt": starts_at, "endsAt": None if ends_at_ms is None else rfc3339(ends_at_ms)},
        }

    def _body(self, alert: Alert, now_ms: int) -> dict[str, Any]:
        told = annotations(alert, now_ms)
        if self._runbook_url is not None:
            told["runbook_url"] = f"{self._runbook_url}#{ALERT_NAMES[alert.finding.kind].lower()}"
        return {"labels": dict(alert.labels), "annotations": told, "generatorURL": self._link(alert)}

    def _link(self, alert: Alert) -> str:
        record = alert.finding.record
        if alert.finding.kind == "incident":
            return f"{self._page_url}/#/incidents/{quote(record['id'], safe='')}"
        if "series" in record:
            return f"{self._page_url}/#/series/{quote(record['series'], safe='')}"
        return f"{self._page_url}/#/"


def rfc3339(instant_ms: int) -> str:
    """An instant as both read it, to the millisecond."""
    return datetime.fromtimestamp(instant_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
