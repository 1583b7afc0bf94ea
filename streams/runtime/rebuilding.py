"""Making up for damaged sections of a state by reading its log again, from its beginning.

A second pipeline reads what the log still holds up to the offset of the damaged state; what it would publish has been
published. Then the series of the damaged sections are taken from it, and all others from the sections that are whole;
where the damage is not of series alone, the second pipeline takes the first one's place. If the log reaches back to
its beginning, the result is the state that was damaged, bit for bit, for a state is a function of the log.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from structlog import get_logger

from streams.checkpoint import Found
from streams.records import InputRecord
from streams.runtime.log import LogBounds, Place
from streams.runtime.parts import Pipeline
from streams.runtime.positions import LogTooShortError

log = get_logger(__name__)


@dataclass(slots=True)
class Rebuild:
    """A partition's state on its way back: what is whole of it, and the offset up to which the log is read again.

    `until` is the damaged state's offset; if that is lost, too, the group's.
    """

    place: Place
    found: Found
    make_pipeline: Callable[[], Pipeline]
    until: int | None = None
    from_offset: int = 0

    def begin(self, committed: int | None, bounds: LogBounds) -> None:
        """Find out from where to where to read.

        Raises
        ------
        LogTooShortError
            If the log ends before the damaged state.
        """
        manifest = self.found.manifest
        self.until = manifest.next_offset if manifest is not None else committed or 0
        self.from_offset = bounds.first
        if self.until > bounds.end:
            raise LogTooShortError(
                f"{self.place} ends at offset {bounds.end}, but its state, which is damaged, had reached {self.until}."
                " The topic was deleted or lost records: bring it back, or begin anew under another topics.prefix"
            )
        log.warning(
            "the log is read again to rebuild the state",
            partition=str(self.place),
            from_offset=self.from_offset,
            to_offset=self.until,
        )

    def again(self, records: Sequence[InputRecord]) -> tuple[Sequence[InputRecord], Sequence[InputRecord]]:
        """Records that were applied before the damage, and those after them."""
        assert self.until is not None
        place = sum([record.offset < self.until for record in records])
        return records[:place], records[place:]

    def is_done(self, next_offset: int) -> bool:
        """Whether the log was read up to the damaged state."""
        return self.until is not None and next_offset >= self.until

    def finish(self, rebuilt: Pipeline) -> tuple[Pipeline, int | None]:
        """The pipeline to go on with, and the number of series that were taken from the log; None if all were."""
        damaged = [damage.section for damage in self.found.damage]
        series = None
        pipeline = rebuilt
        if self.found.manifest is not None and rebuilt.can_mend(damaged):
            pipeline = self.make_pipeline()
            series = pipeline.mend(self.found.sections, damaged, rebuilt)
        self._say(series)
        return pipeline, series

    def _say(self, series: int | None) -> None:
        what = {"partition": str(self.place), "series": "all" if series is None else series}
        if self.from_offset > 0:
            log.error(
                "rebuilt from what the topic still holds; what was learned before that is lost",
                from_offset=self.from_offset,
                **what,
            )
        else:
            log.warning("rebuilt whole, from the beginning of the topic", **what)
