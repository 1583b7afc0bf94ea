"""A synthetic fleet with its ground truth: the same interface as a recording, without a file.

Values are held as one matrix, 8 bytes a sample; tables are cut from it as they are asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from load.generate.broken import failures_of
from load.generate.cases.all import case_signals, lose_samples
from load.generate.cases.wear import KIND as WORN_OUT
from load.generate.gaps import cut_gaps
from load.generate.hosts import host_signals
from load.generate.incidents import outage_of
from load.generate.services import service_signals
from load.generate.signal import Signals
from load.generate.spec import FleetSpec
from load.generate.truth import TRUTH_VERSION, Truth
from load.generate.volumes import volume_signals
from load.recordings.recording import ROWS_MAX
from load.recordings.table import FloatColumn, SampleTable, matrix_table
from streams.series import SeriesKey, parse_series


@dataclass(frozen=True, slots=True)
class Fleet:
    """Series [k], their values [steps, k] with NaN where a sample is missing, and what happens to them."""

    spec: FleetSpec
    series: list[SeriesKey]
    values: FloatColumn
    truth: Truth

    def span_ms(self) -> tuple[int, int]:
        """First and last event time."""
        return self.spec.start_ms, self.spec.end_ms - self.spec.step_ms

    def tables(self, rows_max: int = ROWS_MAX) -> Iterator[SampleTable]:
        """Samples in time order, in tables of about `rows_max` rows."""
        times = self.spec.times_ms()
        steps = max(1, rows_max // len(self.series))
        for start in range(0, len(times), steps):
            yield matrix_table(self.series, times[start : start + steps], self.values[start : start + steps])

    def labels(self) -> list[str]:
        """Names of all labels, for writing."""
        return sorted({name for key in self.series for name, _ in key.labels})

    def truth_json(self) -> dict[str, object]:
        """The truth as its file has it."""
        first_ms, last_ms = self.span_ms()
        about = {"version": TRUTH_VERSION, "spec": self.spec.as_json(), "first_ms": first_ms, "last_ms": last_ms}
        return about | self.truth.as_json()

    def event_messages(self) -> list[dict[str, object]]:
        """What people would tell of while it happens, as messages of the events topic."""
        deploys = [
            {"id": told.id, "kind": "deploy", "start": told.start_ms, "end": told.end_ms, "labels": told.labels}
            for told in self.truth.deploys
        ]
        return deploys + [
            {
                "id": f"{one.kind} {one.entity}",
                "kind": "failure",
                "start": one.start_ms,
                "end": one.end_ms,
                "labels": dict(parse_series(one.entity).labels),
            }
            for one in self.truth.incidents
            if one.kind == WORN_OUT
        ]


def generate_fleet(spec: FleetSpec) -> Fleet:
    """Make a fleet; the same spec gives the same fleet, bit for bit on one machine."""
    signals, outage = Signals(), outage_of(spec)
    for place in range(spec.hosts):
        signals.extend(host_signals(spec, place, outage))
    for place in range(spec.services):
        signals.extend(service_signals(spec, place, outage))
    for place in range(spec.volumes):
        signals.extend(volume_signals(spec, place))
    of_fleet = len(signals.series)
    signals.extend(case_signals(spec))
    matrix = np.column_stack(signals.values)
    signals.truth.failures.extend(failures_of(spec, signals.series, matrix))
    signals.truth.gaps.extend(cut_gaps(spec, signals.series[:of_fleet], matrix[:, :of_fleet]))
    lose_samples(spec, matrix[:, of_fleet:])
    return Fleet(spec, signals.series, matrix, signals.truth)
