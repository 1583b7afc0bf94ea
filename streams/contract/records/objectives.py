"""Objectives: what is left of an error budget."""

from typing import Annotated

from typing_extensions import TypedDict

from streams.contract.records.entities import EntityFields
from streams.contract.records.failures import BASE_BRIER, WarningFields
from streams.contract.words import Count, DurationMs, InstantMs, Probability, Share, SquaredError, says, unit

_STEP = "`null` where a step of its series is longer"


class BudgetFields(TypedDict):
    """What is left of the budget."""

    events: Annotated[float, unit("1"), says("all events in the window; of a `ratio`, its samples")]
    bad_events: Annotated[float, unit("1"), says("the bad ones of them")]
    budget_left: Annotated[Share, says("share of the budget that is left: 1 untouched, 0 spent, below that overspent")]
    exhausted_at_ms: Annotated[
        InstantMs | None,
        says(
            "when it is spent at the burn rate of the first alert's long window, with the traffic of the "
            "whole window; the "
            "last sample's time where it is spent; `null`: not within `window_ms`"
        ),
    ]


class AlertFields(TypedDict):
    """A pair of windows that alerts."""

    long_ms: Annotated[DurationMs, says("the window that says that it matters")]
    short_ms: Annotated[DurationMs, says("the window that says that it goes on")]
    burn_rate: Annotated[float, unit("1"), says("the burn rate that it alerts at")]
    long_burn_rate: Annotated[float, unit("1"), says("the burn rate of the long window as it is")]
    short_burn_rate: Annotated[float, unit("1"), says("the burn rate of the short window as it is")]
    firing: Annotated[bool, says("both are above `burn_rate`")]


class AlertChanceFields(TypedDict):
    """How likely an alert begins soon, and how such predictions fared."""

    p_alert_within_15m: Annotated[
        Probability | None,
        says(f"probability that an alert begins within a quarter of an hour, 1 during one; {_STEP}"),
    ]
    p_alert_within_1h: Annotated[Probability | None, says(f"within an hour; {_STEP}")]
    p_alert_within_24h: Annotated[Probability | None, says(f"within a day; {_STEP}")]
    is_prior: Annotated[bool, says("no earlier prediction is settled yet")]
    looks_settled: Annotated[Count, says("earlier predictions at an hour whose outcome is known")]
    alerts_seen: Annotated[Count, says("alerts that began")]
    brier: Annotated[
        SquaredError | None, says("mean squared error of the predictions at an hour; `null` before the first")
    ]
    base_brier: Annotated[SquaredError | None, says(BASE_BRIER)]


class _Standing(EntityFields):
    origin_ms: Annotated[InstantMs, says("the newest sample's own time")]
    last_sample_at_ms: Annotated[InstantMs, says("the same")]
    expires_at_ms: Annotated[InstantMs, says("two records later: one that is older has had no successor")]
    model: Annotated[str, says("version of the model")]
    objective: Annotated[str, says("the objective's name")]
    target_percent: Annotated[float, unit("%"), says("its `target`")]
    window_ms: Annotated[DurationMs, says("its `window`")]


class _Alerts(TypedDict):
    alerts: Annotated[list[AlertFields], says("each pair of windows, as the settings list them")]
    alerting: Annotated[bool, says("one of them is firing")]


class AlertRecordFields(AlertChanceFields, WarningFields):
    """How likely an alert begins soon, and how such predictions and their warnings fared."""


class ObjectiveFields(_Standing, BudgetFields, _Alerts, AlertRecordFields):
    """An objective: what is left of an error budget, how fast it is spent, and how likely an alert is soon."""
