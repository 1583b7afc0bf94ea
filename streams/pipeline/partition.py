"""The pipeline of one samples partition: blocks and events in, predictions out, in event time.

Pure: its state and its records are a function of the partition's log, whatever the batches it is read in.

Per block: rows applied before are skipped (`sources`), and series find their slots (`housing`). Rows are cut into waves
that keep each group's order (`waves`). Per wave: `admission`, counters to `rates`, the banks, `detection` for the
anomalies that turn, then `emission` for the series whose emission interval begins. Ticks close the steps of
aggregated sources (`aggregation`), tell who is missing, and once a minute let the `signals` go. Events exclude times
(`spans`): a sample of such a time goes the same way, past the banks.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np

from models.anomaly.bank import Scored
from models.arrays import Floats, Ints
from models.forecast.bank import Learned
from streams.blocks import BadBlockError, SampleBlock, decode_record
from streams.events import EventRecord
from streams.outputs.entity_quality import hazard_quality_records, objective_quality_records
from streams.outputs.hazards import hazard_records
from streams.outputs.objectives import objective_records
from streams.pipeline import mending, sections
from streams.pipeline.config import PipelineConfig
from streams.pipeline.desk import Desk
from streams.pipeline.detection import Detection
from streams.pipeline.emission import Due, Emission
from streams.pipeline.figures import PipelineFigures
from streams.pipeline.grid import AGGREGATED, NO_STEP
from streams.pipeline.hazards import HazardOutcome
from streams.pipeline.housing import Housing
from streams.pipeline.objectives import ObjectiveOutcome
from streams.pipeline.rates import to_rates
from streams.pipeline.rows import Row, Rows, joined, stacked
from streams.pipeline.sources import SourceId
from streams.pipeline.state import PipelineState
from streams.pipeline.waves import waves
from streams.records import InputRecord, OutputRecord
from streams.rejects import RejectReason
from streams.silence import SilenceRecord

LearningSink = Callable[[Rows, Floats, Scored], None]
"""Takes rows that were learned from, the value that was learned of each (a counter's rate), and how strange it is."""


class PartitionPipeline:
    """State and predictions of one samples partition.

    Parameters
    ----------
    config
        The same for all partitions.
    partition
        The number of the samples partition; it only names the place of records that can't be read.
    on_learned
        Called with what is learned of each wave; a backtest collects it.
    """

    def __init__(self, config: PipelineConfig, partition: int = 0, on_learned: LearningSink | None = None) -> None:
        self.config = config
        self.partition = partition
        self.on_learned = on_learned
        self.state = PipelineState(config)
        self.desk = Desk(config.rejects_topic, config.samples_topic)
        self._housing = Housing(self.state, self.desk, self._apply_queued)
        self._emission = Emission(self.state)
        self._detection = Detection(self.state, self.desk)
        self._queued: list[Rows] = []

    @property
    def next_offset(self) -> int:
        """The first offset of the partition that is not applied yet."""
        return self.state.next_offset

    @property
    def samples_accepted(self) -> int:
        """Samples taken: learned from, or of a time that an event excludes."""
        return self.state.samples_accepted

    @property
    def rejects(self) -> Counter[RejectReason]:
        """Rows refused, by reason."""
        return self.desk.rejects

    def figures(self) -> PipelineFigures:
        """What to tell those who watch it."""
        state = self.state
        return PipelineFigures(
            series=len(state.catalog.slots),
            series_max=state.catalog.series_max,
            event_time_ms=state.sources.watermark_ms,
            samples=state.samples_accepted,
            rejects=self.desk.rejects,
            evicted=self._housing.evicted,
            repeated=state.sources.repeated,
            marks=self._emission.marks,
        )

    def step(self, records: Sequence[InputRecord]) -> list[OutputRecord]:
        """Apply records of the samples topic, in the order of their offsets; returns what is to be published."""
        for record in records:
            if record.value is not None:
                self._take_record(record.offset, record.value)
            self.state.next_offset = record.offset + 1
        self._apply_queued()
        return self.desk.take()

    def step_blocks(self, blocks: Sequence[SampleBlock | EventRecord | SilenceRecord]) -> list[OutputRecord]:
        """Apply blocks and events that come from no topic; a backtest has them."""
        for block in blocks:
            self._take(block)
        self._apply_queued()
        return self.desk.take()

    def forecast_at(self, origin_ms: int, horizons: Ints) -> tuple[list[str], Floats]:
        """What every series with a sample would be forecast at `origin_ms`, which is not before its last one.

        Returns
        -------
        tuple
            Names of n series, sorted, and quantiles [n, horizons, levels].
        """
        count, catalog = self.state.bank.arrays["count"], self.state.catalog
        names = sorted([name for name, slot in catalog.slots.items() if count[slot] > 0])
        slots = np.array([catalog.slots[name] for name in names], np.int64)
        last_step = self.state.bank.arrays["last_step"][slots]
        origin_step = np.maximum(origin_ms // self.state.grid["step_ms"][slots], last_step)
        return names, self.state.bank.forecast(slots, origin_step, horizons)

    def dump(self) -> dict[str, bytes]:
        """The state as named sections; see `sections`."""
        return sections.dump(self.state, self.desk)

    def load(self, named: Mapping[str, bytes]) -> None:
        """Put back what `dump` made, into a new pipeline."""
        sections.load(self.state, self.desk, named)

    def can_mend(self, damaged: Collection[str]) -> bool:
        """Whether damage to these sections is to series alone; see `mending`."""
        return mending.can_mend(damaged)

    def mend(self, named: Mapping[str, bytes], damaged: Collection[str], rebuilt: "PartitionPipeline") -> int:
        """Put back what is whole of a dump, into a new pipeline; take the rest from one that read the log again.

        Returns the number of series that were taken.
        """
        return mending.mend(self.state, self.desk, named, damaged, mending.Rebuilt(rebuilt.state, rebuilt.desk))

    def _take_record(self, offset: int, payload: bytes) -> None:
        try:
            record = decode_record(payload)
        except BadBlockError as error:
            self.desk.reject_block(self.partition, offset, str(error))
            return
        self._take(record)

    def _take(self, record: SampleBlock | EventRecord | SilenceRecord) -> None:
        match record:
            case EventRecord():
                self._take_event(record)
            case SilenceRecord():
                self._move_time(lambda: self.state.sources.silence(record))
            case SampleBlock():
                self._take_block(record)
        self._flush_signals()

    def _take_event(self, record: EventRecord) -> None:
        """Let an event hold from here on. Samples that came before it are learned from by what was known then."""
        source = SourceId(record.source_topic, record.source_partition)
        if self.state.sources.is_news(source, record.source_topic_id, record.offset):
            self._apply_queued()
            refusal = self.state.spans.take(record.event)
            if refusal is not None:
                self.desk.reject_event(source, record.offset, refusal)
            self._put_hazards(self.state.hazards.take_event(record.event))

    def _take_block(self, block: SampleBlock) -> None:
        fresh = self.state.sources.fresh_from(block)
        for rows in self._housing.rows(block, fresh):
            self._queued.append(rows)
            self.state.signals.rows_taken += len(rows)
        if block.watermark_ms is not None:
            self._move_time(lambda: self.state.sources.tick(block))

    def _flush_signals(self) -> None:
        """Write what the entities say, where that is due at this place in the log."""
        signals, watermark_ms = self.state.signals, self.state.sources.watermark_ms
        if signals.is_due(watermark_ms):
            self._apply_queued()
            self.desk.put(*signals.flush(self.partition, watermark_ms))

    def _move_time(self, moved_by: Callable[[], int | None]) -> None:
        """Let event time move on, if the news moves it; aggregated samples before it are judged by the old time."""
        # Asked of the grid: the settings may have changed since.
        has_aggregated = bool((self.state.grid["status"] == AGGREGATED).any())
        if has_aggregated:
            self._apply_queued()
        now_ms = moved_by()
        if now_ms is not None:
            if has_aggregated:
                self._close_steps(now_ms)
            self._find_missing(now_ms)
            self._fail_silent(now_ms)
            self._forget_spans(now_ms)

    def _find_missing(self, now_ms: int) -> None:
        """Tell the series that should have had a sample by now; those that came before the tick have."""
        if self._detection.may_miss(now_ms, self._queued):
            self._apply_queued()
            self._detection.tick(now_ms)

    def _fail_silent(self, now_ms: int) -> None:
        """Let entities that have fallen silent fail by the incidents that event time has come to."""
        failures = self.state.hazards.failures
        if failures.incidents.has_begun(now_ms):
            self._apply_queued()
            failures.come_to(now_ms)

    def _forget_spans(self, now_ms: int) -> None:
        """Forget the spans that event time has left far behind; samples that came before the tick still see them."""
        spans, incidents = self.state.spans, self.state.hazards.failures.incidents
        if spans.has_old(now_ms) or incidents.has_old(now_ms):
            self._apply_queued()
            spans.forget_old(now_ms)
            incidents.forget_old(now_ms)

    def _apply_queued(self) -> None:
        if self._queued:
            rows, self._queued = joined(self._queued), []
            for wave in waves(self.state.grid["group"][rows.slot]):
                self._apply(rows.take(wave))

    def _apply(self, rows: Rows) -> None:
        """Judge rows of different slots, and learn from those that may be learned from."""
        aggregated = self.state.grid["status"][rows.slot] == AGGREGATED
        if aggregated.any():
            self._collect(rows.take(np.flatnonzero(aggregated)))
            rows = rows.take(np.flatnonzero(~aggregated))
        admitted = self.state.admission.admit(rows)
        for row, reason, detail in admitted.refused:
            self.desk.reject(row, reason, detail, self.state.catalog.entry(row.slot).name)
            if reason is RejectReason.SAME_STEP:
                self.state.anomalies.bank.crowded(row.slot)
        self.state.restart(admitted.restarted)
        if len(admitted.rows):
            self._learn(admitted.rows, admitted.step)
        for turn in _turns(admitted.released):
            self._apply(stacked(turn))

    def _learn(self, rows: Rows, step: Ints) -> None:
        """Take rows of different slots that were admitted: teach the banks what is to be learned, publish what is due.

        Rows of excluded times are missing for the banks, and set off predictions from what was known before them.
        """
        state, grid = self.state, self.state.grid
        value, known = to_rates(grid, rows)
        excluded = state.spans.exclude(rows, step)
        learned = known & ~excluded
        self._detection.arrive(rows, step, excluded)
        elapsed_ms = np.maximum(rows.timestamp_ms - grid["last_sample_ms"][rows.slot], 1)
        grid["last_step"][rows.slot] = step
        grid["accepted"][rows.slot] += 1
        grid["last_sample_ms"][rows.slot] = rows.timestamp_ms
        grid["last_value"][rows.slot] = rows.value
        state.samples_accepted += len(rows)
        places = np.flatnonzero(learned)
        taught = rows, step, value, elapsed_ms
        if 0 < len(places) < len(rows):
            taught = rows.take(places), step[places], value[places], elapsed_ms[places]
        found = self._forecast_bank(*taught[:3]) if len(places) else None
        # Before the other banks, which look at the forecasts that are due.
        due = self._emission.due(rows.slot, step)
        if found is not None:
            self._update_banks(*taught, found)
        self._emit(rows, step, due)

    def _forecast_bank(self, rows: Rows, step: Ints, value: Floats) -> Learned:
        """Teach the forecast bank, with what the settings say of series that are new to it."""
        state, slots = self.state, rows.slot
        step_ms = state.grid["step_ms"][slots]
        fresh = np.flatnonzero(state.bank.arrays["last_step"][slots] == NO_STEP)
        if len(fresh):
            zone = state.grid["zone"][slots[fresh]].astype(np.int64)
            state.bank.start(slots[fresh], step_ms[fresh], step[fresh], value[fresh], zone)
            state.bank.shape(slots[fresh], state.shape_numbers(slots[fresh]))
            state.bank.bound(slots[fresh], state.grid["floor"][slots[fresh]], state.grid["ceiling"][slots[fresh]])
        return state.bank.update(slots, step, value)

    def _update_banks(self, rows: Rows, step: Ints, value: Floats, elapsed_ms: Ints, found: Learned) -> None:
        """Teach all others; `found` is what the forecast bank did."""
        state, slots = self.state, rows.slot
        step_ms = state.grid["step_ms"][slots]
        scored = self._detection.learn(rows, step, value, found)
        state.capacity.update(slots, rows.timestamp_ms, value)
        state.failures.update(slots, rows.timestamp_ms, value, step_ms)
        state.signals.update(slots, rows.timestamp_ms, value)
        self._update_entities(rows, value, elapsed_ms, scored)
        if self.on_learned is not None:
            self.on_learned(rows, value, scored)

    def _update_entities(self, rows: Rows, value: Floats, elapsed_ms: Ints, scored: Scored) -> None:
        """Teach what follows entities: members come one after the other, also those whose steps close together."""
        hazards, objectives = self.state.hazards, self.state.objectives
        if not (hazards.rules or objectives.rules):
            return
        for wave in waves(self.state.grid["group"][rows.slot]):
            slots, timestamp_ms = rows.slot[wave], rows.timestamp_ms[wave]
            self._put_hazards(hazards.update(slots, timestamp_ms, rows.value[wave], value[wave], scored.height[wave]))
            for outcome in objectives.update(slots, timestamp_ms, value[wave], elapsed_ms[wave]):
                self._put_objectives(outcome)

    def _put_objectives(self, outcome: ObjectiveOutcome) -> None:
        self.desk.put(*objective_records(self.config.failures_topic, self.config.model, outcome))
        self.desk.put(*objective_quality_records(self.config.quality_topic, self.config.model, outcome))

    def _put_hazards(self, outcomes: Iterable[HazardOutcome]) -> None:
        for outcome in outcomes:
            self.desk.put(*hazard_records(self.config.failures_topic, self.config.model, outcome))
            self.desk.put(*hazard_quality_records(self.config.quality_topic, self.config.model, outcome))

    def _emit(self, rows: Rows, step: Ints, due: Due) -> None:
        if len(due.places):
            rows, step = rows.take(due.places), step[due.places]
            emitted = self._emission.emit(rows, step, due)
            self.desk.put(*emitted.records)
            for place, notice in emitted.notices:
                self.state.signals.notice(int(rows.slot[place]), notice)
            for place, details in emitted.limits_unknown.items():
                name = self.state.catalog.entry(int(rows.slot[place])).name
                self.desk.reject(rows.single(place), RejectReason.LIMIT_UNKNOWN, "; ".join(details), name)

    def _collect(self, rows: Rows) -> None:
        """Put samples of aggregated sources into their open steps."""
        watermark_ms = self.state.sources.watermark_ms
        for row in rows.singles():
            refusal = self.state.aggregator.add(row, watermark_ms, self.config.jump_steps)
            if refusal is not None:
                reason, detail = refusal
                self.desk.reject(row, reason, detail, self.state.catalog.entry(row.slot).name)

    def _close_steps(self, now_ms: int) -> None:
        """Learn from the steps that event time has closed."""
        for closed in self.state.aggregator.close_until(now_ms):
            # By name: which slot a series has depends on others.
            closed.sort(key=lambda each: self.state.catalog.entry(each.row.slot).name)
            self._learn(stacked([each.row for each in closed]), np.array([each.step for each in closed], np.int64))


def _turns(queues: Sequence[list[Row]]) -> Iterator[list[Row]]:
    """The first of each queue, then the second of each, and so on."""
    for turn in range(max([len(queue) for queue in queues], default=0)):
        yield [queue[turn] for queue in queues if turn < len(queue)]
