"""The state of a pipeline: everything that a checkpoint holds."""

import numpy as np

from models.arrays import Ints
from models.forecast.bank import ForecastBank
from models.layout import allocate, grow, reset_rows
from streams.pipeline import grid as grids
from streams.pipeline.admission import Admission
from streams.pipeline.aggregation import Aggregator
from streams.pipeline.anomalies import AnomalyTracker
from streams.pipeline.capacity import CapacityTracker
from streams.pipeline.catalog import Catalog, Entry
from streams.pipeline.config import PipelineConfig, bounds_of, is_counter
from streams.pipeline.failures import FailureTracker
from streams.pipeline.hazards import HazardTracker
from streams.pipeline.objectives import ObjectiveTracker
from streams.pipeline.paths import Paths
from streams.pipeline.signals import SignalTracker
from streams.pipeline.sources import Sources
from streams.pipeline.spans import Spans

START_CAPACITY = 64


class PipelineState:
    """Series, their grid, and the banks that learn from them; a slot is the same series in all of them."""

    def __init__(self, config: PipelineConfig) -> None:
        self.config = config
        self.next_offset = 0
        self.samples_accepted = 0
        self.swept_at_ms: int | None = None
        """Event time at which idle series were looked for last; see `housing`."""
        self.sources = Sources(config.sources)
        self.catalog = Catalog(config.series_max)
        self.grid = allocate(grids.LAYOUT, START_CAPACITY)
        self.spans = Spans(self.catalog, self.grid)
        self.admission = Admission(self.grid, config.jump_steps)
        self.aggregator = Aggregator(self.grid)
        self.bank = ForecastBank(config.horizon_steps, config.levels, config.clocks, config.params)
        self.paths = Paths(self.bank, self.grid)
        self.anomalies = AnomalyTracker(config.anomaly_rules, self.catalog)
        self.capacity = CapacityTracker(config.capacity_rules, self.catalog, self.grid, self.paths)
        self.failures = FailureTracker(config.failure_rules, self.catalog, self.paths)
        self.signals = SignalTracker(config.signals, self.catalog)
        self.hazards = HazardTracker(config.hazards, self.catalog, self.grid)
        self.objectives = ObjectiveTracker(config.objectives, self.catalog, self.grid)

    def reserve(self, slots: int) -> None:
        """Make room for at least so many slots."""
        capacity = len(self.grid["status"])
        if slots > capacity:
            # The dictionary stays the same object: admission and rules hold it too.
            self.grid.update(grow(self.grid, grids.LAYOUT, max(slots, 2 * capacity)))
        self.bank.reserve(slots)
        self.anomalies.reserve(slots)
        self.signals.reserve(slots)

    def welcome(self, entry: Entry, first_ms: int) -> int:
        """Give a new series, whose first sample has this time, its slot, its grid and its rules."""
        used = len(self.catalog.entries)
        slot = self.catalog.allot(entry)
        if slot < used:
            self.begin(slot, first_ms)
        else:
            # What never had a series is fresh, and nearly all newcomers of a start come here.
            self.reserve(slot + 1)
            self._describe(slot, first_ms)
        self._apply_rules(slot)
        return slot

    def begin(self, slot: int, first_ms: int) -> None:
        """Let a series that has a slot begin anew, with a first sample of this time; its rules are left alone."""
        reset_rows(self.grid, grids.LAYOUT, np.array([slot]))
        self._describe(slot, first_ms)
        self.bank.clear(np.array([slot]))
        self.anomalies.bank.clear(np.array([slot]))
        self.signals.clear(slot)

    def apply_settings(self) -> None:
        """Let the settings of today hold for what was loaded: rules, time zones, bounds and shapes."""
        self._relocate()
        for slot in self.taken().tolist():
            self._apply_rules(slot)

    def _apply_rules(self, slot: int) -> None:
        """Let all rules for a series hold that do not yet."""
        self.anomalies.add_series(slot)
        self.capacity.add_series(slot)
        self.failures.add_series(slot)
        self.signals.add_series(slot)
        self.hazards.add_series(slot)
        self.objectives.add_series(slot)

    def _relocate(self) -> None:
        """Take time zones, bounds and shapes from the settings: they may have changed since series came."""
        slots = self.taken()
        for slot in slots.tolist():
            self._place(slot)
        # Those that wait for their first forecast get them when they start, as if nothing had been loaded.
        slots = slots[self.bank.arrays["count"][slots] > 0]
        self.bank.arrays["zone"][slots] = self.grid["zone"][slots]
        self.bank.bound(slots, self.grid["floor"][slots], self.grid["ceiling"][slots])
        self.bank.shape(slots, self.shape_numbers(slots))

    def shape_numbers(self, slots: Ints) -> Ints:
        """The shapes of these series' metrics, as the bank numbers them."""
        if not self.bank.shapes:
            return np.zeros_like(slots)
        metrics = [self.catalog.entry(slot).key.metric for slot in slots.tolist()]
        return np.array([self.bank.shapes.number(metric) for metric in metrics], np.int64)

    def dismiss(self, slot: int) -> None:
        """Free the slot of a series."""
        self.admission.young.pop(slot, None)
        self.spans.forget_series(slot)
        self.signals.remove_series(slot)
        self.hazards.remove_series(slot)
        self.objectives.remove_series(slot)
        self.capacity.remove_series(slot, self.catalog.release(slot))
        self.failures.remove_series(slot)
        self.anomalies.bank.clear(np.array([slot]))
        reset_rows(self.grid, grids.LAYOUT, np.array([slot]))

    def restart(self, slots: list[int]) -> None:
        """Forget what was learned of series whose beginning turned out to be wrong."""
        if slots:
            self.bank.clear(np.array(slots))
            self.anomalies.bank.clear(np.array(slots))
            self.grid["accepted"][slots] = 0
        for slot in slots:
            self.capacity.restart_series(slot)
            self.failures.restart_series(slot)
            self.signals.clear(slot)
            self.hazards.restart_series(slot)
            self.objectives.restart_series(slot)

    def taken(self) -> Ints:
        """The slots in use, ascending."""
        return np.array(sorted(self.catalog.slots.values()), np.int64)

    def _describe(self, slot: int, first_ms: int) -> None:
        """Set what the settings say of a series that is new in its slot, which is fresh."""
        entry, grid = self.catalog.entry(slot), self.grid
        source = self.config.source(entry.source_topic)
        grid["group"][slot] = slot
        grid["counter"][slot] = is_counter(entry.key.metric, source)
        grid["step_ms"][slot] = source.step_ms or 1
        grid["lateness_steps"][slot] = source.lateness_steps
        grid["last_sample_ms"][slot] = first_ms
        self._place(slot)
        if source.aggregate is not None:
            grid["status"][slot] = grids.AGGREGATED
            grid["aggregate"][slot] = grids.AGGREGATES.index(source.aggregate)
        else:
            grid["status"][slot] = grids.READY if source.step_ms else grids.WARMING

    def _place(self, slot: int) -> None:
        """Set what of the settings may change for a series that is known: its time zone, and where forecasts stay."""
        entry = self.catalog.entry(slot)
        source = self.config.source(entry.source_topic)
        self.grid["zone"][slot] = self.config.zone(entry.source_topic)
        self.grid["floor"][slot], self.grid["ceiling"][slot] = bounds_of(entry.key.metric, source)
