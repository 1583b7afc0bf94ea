"""The pipeline of one signals partition: what entities say in, incidents out, in event time.

Pure: its state and its records are a function of the partition's log. The records are even the same for every
interleaving of the samples partitions in it: signals wait until all have passed their minute (`inbox`), and a minute is
gone through scope by scope, entity by entity, in the order of their names.

Per scope and minute: what is common to all entities is taken off, and what is left is held against each entity's own
past (`judging`). What is unusual beyond the scope's budget is a sign, and so are notices; signs become incidents
(`triage`), whose members are joined by what is known of them (`parting`) and ordered by likely cause (`ranking`).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import numpy as np

from models.incidents import alert_budget
from streams.correlate import sections
from streams.correlate.config import CorrelateConfig
from streams.correlate.entities import ENTITIES_MAX, SCOPES_MAX
from streams.correlate.inbox import NO_ROWS, Minute, Rows, Spoken
from streams.correlate.incident import IncidentUpdate
from streams.correlate.judging import judge, learn_from, signs
from streams.correlate.state import CorrelateState
from streams.correlate.triage import Triage
from streams.outputs.incidents import incident_record
from streams.outputs.rejects import Coordinate, reject_record
from streams.pipeline.figures import PipelineFigures
from streams.records import InputRecord, OutputRecord
from streams.rejects import RejectReason
from streams.signals import BadSignalsError, Notice, decode_signals

ScoreSink = Callable[[int, dict[str, float]], None]
"""Takes a minute since 1970, and the score of each entity of a scope that said something in it."""


class CorrelatePipeline:
    """State and incidents of one signals partition.

    Parameters
    ----------
    config
        The same for all partitions.
    partition
        The number of the signals partition; it only names the place of records that can't be read.
    on_scored
        Called with the scores of each minute; a scorer collects them.
    """

    def __init__(self, config: CorrelateConfig, partition: int = 0, on_scored: ScoreSink | None = None) -> None:
        self.config = config
        self.on_scored = on_scored
        self.partition = partition
        self.state = CorrelateState(config)

    @property
    def next_offset(self) -> int:
        """The first offset of the partition that is not applied yet."""
        return self.state.next_offset

    def figures(self) -> PipelineFigures:
        """What to tell those who watch it; its series are entities, and its samples rows."""
        state = self.state
        return PipelineFigures(
            series=len(state.entities),
            series_max=ENTITIES_MAX,
            event_time_ms=state.inbox.time_ms,
            samples=state.rows_taken,
            rejects=state.rejects,
            evicted=state.entities.evicted,
            repeated=state.inbox.repeated,
        )

    def step(self, records: Sequence[InputRecord]) -> list[OutputRecord]:
        """Apply records of the signals topic, in the order of their offsets; returns what is to be published."""
        published: list[OutputRecord] = []
        for record in records:
            if record.value is not None:
                published += self._take(record.offset, record.value)
            self.state.next_offset = record.offset + 1
        return published

    def dump(self) -> dict[str, bytes]:
        """The state as named sections; see `sections`."""
        return sections.dump(self.state)

    def load(self, named: Mapping[str, bytes]) -> None:
        """Put back what `dump` made, into a new pipeline."""
        sections.load(self.state, named)

    def can_mend(self, damaged: Collection[str]) -> bool:  # noqa: ARG002  # the protocol has it
        """Never: the sections are of one another. Such a state is made anew from the log as a whole."""
        return False

    def mend(  # the protocol has it
        self,
        named: Mapping[str, bytes],  # noqa: ARG002
        damaged: Collection[str],  # noqa: ARG002
        rebuilt: "CorrelatePipeline",  # noqa: ARG002
    ) -> int:
        """Is never asked for."""
        raise AssertionError("a state of incidents is made anew as a whole")

    def _take(self, offset: int, payload: bytes) -> Iterator[OutputRecord]:
        state = self.state
        try:
            record = decode_signals(payload)
        except BadSignalsError as error:
            state.rejects[RejectReason.MALFORMED] += 1
            place = Coordinate(self.config.signals_topic, self.partition, offset, -1)
            yield reject_record(self.config.rejects_topic, place, RejectReason.MALFORMED, str(error))
            return
        if not state.inbox.is_news(record):
            return
        slots, numbers = state.entities.places(record, state.inbox.done_minute)
        state.inbox.take(record, slots, numbers)
        state.rows_taken += len(record.level)
        for minute, content in state.inbox.ready(state.is_busy):
            for update in self._go_through(minute, content):
                yield incident_record(self.config.incidents_topic, minute, update)

    def _go_through(self, minute: int, content: Minute) -> Iterator[IncidentUpdate]:
        """A minute, scope by scope."""
        state = self.state
        rows = self._by_scope(content.rows())
        spoken: defaultdict[str, list[Spoken]] = defaultdict(list)
        for each in sorted(content.spoken, key=lambda each: (each.series, each.far)):
            spoken[state.entities.name(each.entity).scope].append(each)
        notices: defaultdict[str, list[Notice]] = defaultdict(list)
        for notice in content.notices:
            notices[notice.scope].append(notice)
        busy = {triage.scope for triage in state.triages.values() if not triage.is_idle}
        for scope in sorted(busy | rows.keys() | notices.keys()):
            triage = state.triage(scope)
            if triage is not None:
                yield from self._triage(minute, triage, rows.get(scope, NO_ROWS), spoken[scope], notices[scope])
        state.forget_scopes()

    def _by_scope(self, rows: Rows) -> dict[str, Rows]:
        if not len(rows.level):
            return {}
        slots, place = np.unique(rows.entity, return_inverse=True)
        names = [self.state.entities.name(slot).scope for slot in slots.tolist()]
        distinct = sorted(set(names))
        if len(distinct) == 1:
            return {distinct[0]: rows}
        numbers = {name: number for number, name in enumerate(distinct)}
        number = np.array([numbers[name] for name in names], np.int64)[place]
        order = np.argsort(number, kind="stable")
        bounds = np.searchsorted(number[order], np.arange(len(distinct) + 1)).tolist()
        return {
            scope: Rows(*[column[order[bounds[at] : bounds[at + 1]]] for column in rows])
            for at, scope in enumerate(distinct)
        }

    def _triage(
        self, minute: int, triage: Triage, rows: Rows, spoken: list[Spoken], notices: list[Notice]
    ) -> Iterator[IncidentUpdate]:
        entities = self.state.entities
        judged = judge(rows, spoken, entities, self._weights())
        threshold = alert_budget.threshold(triage.openings, self.config.per_day)
        scored = signs(judged, threshold, entities, spoken)
        updates = triage.advance(minute, scored, notices)
        has_signs = any(sign.score for sign in scored.values())
        learn_from(minute, judged, entities, triage, self.config, has_signs=has_signs)
        if self.on_scored is not None:
            pairs = zip(judged.slots.tolist(), judged.score.tolist(), strict=True)
            self.on_scored(minute, {entities.name(slot).entity: score for slot, score in pairs})
        yield from updates

    def _weights(self) -> np.ndarray:
        metrics = self.state.entities.metrics
        if len(self.state.weights) < len(metrics):
            self.state.weights = np.array([self.config.weight(metric) for metric in metrics], np.float64)
        return self.state.weights


assert SCOPES_MAX <= ENTITIES_MAX
