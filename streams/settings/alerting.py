"""Settings section `alerting`: which predictions alert somebody, how urgently, and who is told."""

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StrictStr, model_validator

from streams.settings.durations import HOUR_MS, MINUTE_MS, SECOND_MS, WEEK_MS, DurationMs, between
from streams.settings.section import Number, Section, Text

SeverityName = Literal["page", "ticket", "info"]
AlertKind = Literal["capacity", "failure", "hazard", "objective", "anomaly", "incident"]

CAPACITY_WITHIN_MS = (HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS, WEEK_MS, 30 * 24 * HOUR_MS)
"""The spans that records of capacity have probabilities for."""
FAILURE_WITHIN_MS = (15 * MINUTE_MS, HOUR_MS, 24 * HOUR_MS)
"""Those of records of failures, beside the rule's own."""

RECEIVERS_MAX = 16


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"must be an address such as http://127.0.0.1:9093, got {url!r}")
    if parts.query or parts.fragment or parts.username:
        raise ValueError("must have no query, fragment or user: secrets are in files of their own")
    return url.rstrip("/")


def _one_of(spans_ms: tuple[int, ...], names: str) -> AfterValidator:
    def check(within_ms: int) -> int:
        if within_ms not in spans_ms:
            raise ValueError(f"must be one of {names}: records have no other probabilities")
        return within_ms

    return AfterValidator(check)


WebAddress = Annotated[StrictStr, AfterValidator(_web_address)]
CapacityWithinMs = Annotated[DurationMs, _one_of(CAPACITY_WITHIN_MS, "1h, 6h, 24h, 7d and 30d")]
FailureWithinMs = Annotated[DurationMs, _one_of(FAILURE_WITHIN_MS, "15m, 1h and 24h")]
Probability = Annotated[Number, Field(gt=0.0, le=1.0)]


class AlertmanagerSettings(Section):
    """An Alertmanager; each of several is sent every alert, as those of a cluster want it."""

    url: WebAddress = Field(description="Where it is, without /api/v2.")
    token_file: Text | None = Field(default=None, description="A file with a bearer token, read anew for each request.")
    timeout_ms: Annotated[DurationMs, between("100ms", "1m")] = Field(
        default=10 * SECOND_MS, description="How long a request may take."
    )


class WebhookSettings(Section):
    """Somebody who is told once when an alert begins and once when it ends, as CloudEvents 1.0."""

    url: WebAddress = Field(description="Where to send events.")
    secret_file: Text | None = Field(
        default=None, description="A file with the secret that events are signed with, read anew for each."
    )
    kinds: tuple[AlertKind, ...] = Field(default=(), description="Kinds of alerts that are sent; none: all.")
    severities: tuple[SeverityName, ...] = Field(default=(), description="Severities that are sent; none: all.")
    timeout_ms: Annotated[DurationMs, between("100ms", "1m")] = Field(
        default=10 * SECOND_MS, description="How long a request may take."
    )


class CapacityAlerts(Section):
    """When a limit that will be reached alerts; never while the record's status is ok."""

    page_within_ms: CapacityWithinMs | None = Field(
        default=6 * HOUR_MS, description="Page when the limit is likely to be reached within this; null: never."
    )
    page_probability: Probability = Field(default=0.5, description="How likely that must be.")
    ticket_within_ms: CapacityWithinMs | None = Field(
        default=WEEK_MS, description="Open a ticket when it is likely to be reached within this; null: never."
    )
    ticket_probability: Probability = Field(default=0.5, description="How likely that must be.")


class FailureAlerts(Section):
    """When a failure that is likely alerts."""

    page_within_ms: FailureWithinMs | None = Field(
        default=HOUR_MS, description="Page when a failure is likely within this; null: never."
    )
    page_probability: Probability = Field(default=0.5, description="How likely that must be.")
    ticket_within_ms: FailureWithinMs | None = Field(
        default=24 * HOUR_MS, description="Open a ticket when one is likely within this; null: never."
    )
    ticket_probability: Probability = Field(default=0.8, description="How likely that must be.")
    breaking: SeverityName | None = Field(
        default="page", description="How urgent a rule that is broken now is, whatever was predicted."
    )
    proven: bool = Field(
        default=True, description="Whether predictions alert only where earlier ones did better than the base rate."
    )


class ObjectiveAlerts(Section):
    """How urgent error budgets are that burn too fast."""

    page_burn_rate: Annotated[Number, Field(gt=0.0)] = Field(
        default=6.0, description="Page when an alert of the objective fires that has this burn rate or more."
    )
    slower: SeverityName | None = Field(default="ticket", description="How urgent the others are; null: not told.")


class AnomalyAlerts(Section):
    """How urgent each kind of anomaly is; null: not told."""

    value: SeverityName | None = Field(default=None, description="How urgent strange values are.")
    level_shift: SeverityName | None = Field(default="info", description="How urgent a shift of the level is.")
    variance: SeverityName | None = Field(default=None, description="How urgent a change of the variance is.")
    flat_line: SeverityName | None = Field(default="info", description="How urgent a flat line is.")
    missing: SeverityName | None = Field(default="ticket", description="How urgent a series that is missing is.")
    cadence: SeverityName | None = Field(default=None, description="How urgent a changed cadence is.")


class IncidentAlerts(Section):
    """How urgent incidents are, and what becomes of the alerts of their members."""

    happened: SeverityName | None = Field(default="ticket", description="How urgent an incident is; null: not told.")
    predicted: SeverityName | None = Field(
        default="info", description="How urgent one is of which nothing has happened yet."
    )
    members: Literal["together", "apart"] = Field(
        default="together",
        description="Whether an open incident speaks for members that are no more urgent, or they alert apart.",
    )


class AlertingSettings(Section):
    """Which predictions alert somebody, how urgently, and who is told; without receivers nothing is sent."""

    alertmanagers: tuple[AlertmanagerSettings, ...] = Field(
        default=(), max_length=RECEIVERS_MAX, description="Alertmanagers, of which each is sent every alert."
    )
    webhooks: tuple[WebhookSettings, ...] = Field(
        default=(), max_length=RECEIVERS_MAX, description="Receivers of CloudEvents."
    )
    external_url: WebAddress | None = Field(
        default=None, description="Where people reach the page: alerts link to it; null: http://host:port of serve."
    )
    runbook_url: WebAddress | None = Field(
        default=None, description="A page of yours with a section for each kind of alert, which alerts link to."
    )
    resend_every_ms: Annotated[DurationMs, between("1s", "1h")] = Field(
        default=MINUTE_MS,
        description="How often Alertmanagers are told again; what is not told for five times as long is over.",
    )
    enter_after_ms: Annotated[DurationMs, between("1s", "7d")] | None = Field(
        default=None, description="How long a prediction must hold, in event time, before it alerts; null: at once."
    )
    leave_after_ms: Annotated[DurationMs, between("1s", "7d")] | None = Field(
        default=5 * MINUTE_MS, description="How long it must be over before the alert is; null: at once."
    )
    leave_share: Probability = Field(
        default=0.6, description="A probability is left below this share of what it was entered at."
    )
    stale_after_ms: Annotated[DurationMs, between("1s", "7d")] = Field(
        default=HOUR_MS, description="How long an alert outlives its record, if no other follows; it says so."
    )
    catch_up_ms: Annotated[DurationMs, between("1s", "7d")] = Field(
        default=HOUR_MS, description="After a start webhooks are told, again, of what began and ended within this."
    )
    capacity: CapacityAlerts = Field(default=CapacityAlerts(), description="When limits alert.")
    failures: FailureAlerts = Field(default=FailureAlerts(), description="When failures alert.")
    hazards: SeverityName | None = Field(
        default="ticket", description="How urgent an entity is that a hazard flags; null: not told."
    )
    objectives: ObjectiveAlerts = Field(default=ObjectiveAlerts(), description="When error budgets alert.")
    anomalies: AnomalyAlerts = Field(default=AnomalyAlerts(), description="When anomalies alert.")
    incidents: IncidentAlerts = Field(default=IncidentAlerts(), description="When incidents alert.")

    @model_validator(mode="after")
    def _receivers_differ(self) -> Self:
        for name, urls in (
            ("alertmanagers", [each.url for each in self.alertmanagers]),
            ("webhooks", [each.url for each in self.webhooks]),
        ):
            if len(urls) != len(set(urls)):
                raise ValueError(f"{name} has the same url twice")
        return self
