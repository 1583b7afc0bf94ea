"""Failures: how likely a rule is broken soon, and how such predictions fare."""

from typing import Annotated, Literal, NotRequired

from typing_extensions import TypedDict

from streams.contract.records.prediction import PredictionFields
from streams.contract.words import (
    Count,
    DurationMs,
    Ints,
    Numbers,
    NumbersOrNull,
    Probability,
    Share,
    SquaredError,
    Value,
    says,
    unit,
)

BRIER = "mean squared error of those predictions; `null` before the first"
BASE_BRIER = "the same, had the plain frequency been predicted each time: below it, `brier` shows skill"
_STEP = "`null` where a step of the series is longer"


class WarningFields(TypedDict):
    """How warnings fared: times in which a probability was at least a half."""

    precision: Annotated[
        Probability | None,
        says("share of the warnings that were right; `null` before the first one whose outcome is known"),
    ]
    recall: Annotated[
        Probability | None, says("share of the failures that a warning came before; `null` before the first")
    ]
    lead_p50_ms: Annotated[
        Annotated[float, unit("ms")] | None,
        says(
            "how long before the failure the right warnings began, median, to a factor of two; `null` before the first"
        ),
    ]


class _Chances(PredictionFields):
    rule: Annotated[str, says("the rule's name")]
    threshold: Annotated[Value, says("the rule's `above` or `below`")]
    side: Annotated[Literal["above", "below"], says("which of the two")]
    for_ms: Annotated[DurationMs, says("the rule's `for`")]
    within_ms: Annotated[DurationMs, says("the rule's `within`")]
    probability: Annotated[
        Probability, says("that within `within_ms` the metric has stayed beyond the threshold for `for_ms`")
    ]
    p_within_15m: Annotated[Probability | None, says(f"the same within a quarter of an hour; {_STEP}")]
    p_within_1h: Annotated[Probability | None, says(f"within an hour; {_STEP}")]
    p_within_24h: Annotated[
        Probability | None, says(f"within a day, never less likely than within a shorter time; {_STEP}")
    ]
    breaking: Annotated[bool, says("it does so now; the probability is 1")]
    is_prior: Annotated[
        bool, says("no earlier look is settled yet: how often failures followed is a prior, one in a hundred")
    ]
    forecast_weight: NotRequired[
        Annotated[
            Share | None,
            says(
                "how much of `probability` is what the series' own forecast says; the rest is how often failures "
                "followed; `null` where the forecast ends before `within_ms`"
            ),
        ]
    ]
    looks_settled: Annotated[Count, says("earlier predictions whose outcome is known")]
    failures_seen: Annotated[Count, says("failures that came")]
    brier: Annotated[SquaredError | None, says(BRIER)]
    base_brier: Annotated[SquaredError | None, says(BASE_BRIER)]


class FailureFields(_Chances, WarningFields):
    """A failure prediction: how likely a rule is broken soon, with the record of how such predictions did before."""


class _Counts(PredictionFields):
    rule: Annotated[str, says("the rule's name")]
    within_ms: Annotated[DurationMs, says("the rule's `within`, which all fields but those by horizon are about")]
    looks_settled: Annotated[Count, says("earlier predictions whose outcome is known")]
    failures_seen: Annotated[Count, says("failures that came")]


class _Bins(TypedDict):
    brier: Annotated[SquaredError | None, says(BRIER)]
    base_brier: Annotated[SquaredError | None, says(BASE_BRIER)]
    bin_looks: Annotated[Ints, unit("1"), says("settled predictions by their probability: below 0.1, below 0.2, ...")]
    bin_hits: Annotated[Ints, unit("1"), says("those of them that a failure followed")]
    bin_p: Annotated[
        Numbers, unit("1"), says("the sum of their probabilities: where it is near `bin_hits`, they are reliable")
    ]
    warnings: Annotated[Count, says("warnings whose outcome is known")]
    warnings_right: Annotated[Count, says("those that were right")]
    leads: Annotated[
        Ints,
        unit("1"),
        says(
            "the right ones by how long before the failure they began: below 1, 4, 16, 64 minutes, 4.3, 17 hours, "
            "2.8, 11, 46 days, longer"
        ),
    ]


class _ByHorizon(TypedDict):
    horizon_ms: Annotated[
        Ints, unit("ms"), says("the horizons that every rule is looked at: a quarter of an hour, an hour, a day")
    ]
    looks_settled_by_horizon: Annotated[Ints, unit("1"), says("settled predictions at each of them")]
    brier_by_horizon: Annotated[NumbersOrNull, unit("1"), says("their mean squared error; `null` before the first")]
    base_brier_by_horizon: Annotated[
        NumbersOrNull, unit("1"), says("that of their plain frequency; `null` before the first")
    ]


class SettledFields(_Bins, WarningFields, _ByHorizon):
    """How predictions fared that are settled, in full."""


class FailureQualityFields(_Counts, SettledFields):
    """How the predictions of a failure rule fare, as counts and sums that add up over series."""
