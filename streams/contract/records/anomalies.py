"""Anomalies: one trouble of one series."""

from typing import Annotated

from streams.contract.records.prediction import PredictionFields
from streams.contract.words import InstantMs, Probability, Value, says, unit
from streams.schema import AnomalyKind, EpisodeState


class AnomalyFields(PredictionFields):
    """An episode of one kind of anomaly of a series: when it opens, whenever it gets worse, and when it closes."""

    anomaly: Annotated[AnomalyKind, says("what is strange")]
    state: Annotated[EpisodeState, says("`open` or `closed`")]
    episode: Annotated[str, says("names the episode: the same in all its records")]
    start_ms: Annotated[InstantMs, says("its first step; of `missing` the one that a sample was expected in")]
    found_ms: Annotated[InstantMs, says("when it could be told")]
    last_ms: Annotated[InstantMs, says("the last step in which it held")]
    end_ms: Annotated[InstantMs | None, says("when it was over; `null` while it is open")]
    peak_ms: Annotated[InstantMs, says("the step of its highest score")]
    score: Annotated[Probability, says("that score, from 0 to 1")]
    value: Annotated[Value | None, says("the sample then; `null` where there is none")]
    expected_low: Annotated[
        Value | None,
        says(
            "what was expected when it opened or last got worse: from the first decile; of `level_shift` the "
            "level before "
            "it; `null`: not known"
        ),
    ]
    expected_high: Annotated[
        Value | None,
        says("to the ninth, as forecast before; of `level_shift` the level before it; `null`: not known"),
    ]
    factor: Annotated[
        Annotated[float, unit("1")] | None,
        says("of `variance` and `cadence`: how many times the usual, below 1 for calmer and faster; else `null`"),
    ]
