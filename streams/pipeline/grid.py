"""The grid: what is known of each series before its samples reach the models."""

from math import inf

from models.layout import Field
from streams.settings.sources import Aggregate

FREE, WARMING, READY, AGGREGATED = range(4)
"""Status of a slot: no series; step not known yet; samples count at once; steps are closed by ticks."""

AGGREGATES: tuple[Aggregate, ...] = ("mean", "max", "sum", "last")
"""Ways to make one value of a step's samples; the grid holds the place. The settings may change, a series doesn't."""

NO_STEP = -(2**62)

LAYOUT = (
    Field("status", "u1", (), FREE, "", "free, warming, ready or aggregated"),
    Field("counter", "u1", (), 0, "", "1 where the rate of a counter is forecast"),
    Field("waiting", "u1", (), 0, "rows", "1 while rows wait: for the step to be known, or for confirmation"),
    Field("group", "i8", (), 0, "", "what the series shares the order of its rows with"),
    Field("step_ms", "i8", (), 1, "ms", "width of a step"),
    Field("aggregate", "u1", (), 0, "", "with status aggregated: how, as a place in AGGREGATES"),
    Field("lateness_steps", "i8", (), 0, "steps", "how long an aggregated step stays open after its end"),
    Field("last_step", "i8", (), NO_STEP, "steps", "step of the last accepted sample"),
    Field("accepted", "i8", (), 0, "samples", "samples accepted"),
    Field("last_sample_ms", "i8", (), 0, "ms", "the last accepted sample; before it, the first one seen"),
    Field("last_value", "f8", (), 0, "y", "the last accepted value, as it came"),
    Field("zone", "u2", (), 0, "", "number of the time zone that the settings give its source; 0 is UTC"),
    Field("floor", "f8", (), -inf, "y", "no forecast lies below it, as the settings say"),
    Field("ceiling", "f8", (), inf, "y", "no forecast lies above it, as the settings say"),
    Field("emit_epoch", "i8", (), NO_STEP, "epochs", "emission interval of the newest forecast"),
)
