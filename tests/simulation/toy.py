"""Ingest and pipeline that are cheap and keep a ledger: which row was counted, where, in which order.

They rely on the runtime as the real ones do: a row carries its coordinate, and what is at or below its source's
high-water mark is passed over. So what the runtime loses or doubles stands in the ledger.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from zlib import crc32

import orjson

from streams.pipeline.figures import PipelineFigures
from streams.records import InputRecord, OutputRecord
from streams.rejects import RejectReason
from streams.runtime.parts import Engine

PARTITIONS = 2
RANGES = 4


class ToyIngest:
    """A message names a series; its coordinate goes to the series' partition."""

    def __init__(self) -> None:
        self.counts: Counter[RejectReason] = Counter()
        self.samples = 0

    def step(
        self, topic: str, partition: int, records: Sequence[InputRecord], topic_id: str = ""
    ) -> list[OutputRecord]:
        rows: dict[int, list[tuple[int, str]]] = {}
        for record in records:
            series = (record.value or b"").decode()
            rows.setdefault(crc32(series.encode()) % PARTITIONS, []).append((record.offset, series))
        self.samples += len(records)
        source = f"{topic}/{partition}/{topic_id}"
        return [
            OutputRecord("samples", number, source.encode(), orjson.dumps([source, of_number]), ())
            for number, of_number in sorted(rows.items())
        ]

    def silence(self, topic: str, partition: int, next_offset: int, topic_id: str = "") -> list[OutputRecord]:
        return [OutputRecord("samples", number, b"", orjson.dumps(["", []]), ()) for number in range(PARTITIONS)]


class ToyPipeline:
    """A ledger for each series, in sections of several; every third row of a series is foretold something."""

    def __init__(self) -> None:
        self.next_offset = 0
        self.marks: dict[str, int] = {}
        self.ledger: dict[str, list[str]] = {}

    def step(self, records: Sequence[InputRecord]) -> list[OutputRecord]:
        outputs = []
        for record in records:
            assert record.offset >= self.next_offset
            source, rows = orjson.loads(record.value or b"")
            news = [(offset, series) for offset, series in rows if offset > self.marks.get(source, -1)]
            for offset, series in news:
                self.marks[source] = offset
                outputs += self._count(series, f"{source}/{offset}")
            outputs += self._pass_on([series for _, series in news])
            self.next_offset = record.offset + 1
        return outputs

    def _pass_on(self, series: list[str]) -> list[OutputRecord]:
        """What the next hop is told of new rows."""
        return []

    def _count(self, series: str, row: str) -> list[OutputRecord]:
        rows = self.ledger.setdefault(series, [])
        rows.append(row)
        if len(rows) % 3:
            return []
        value = orjson.dumps([len(rows), crc32(orjson.dumps(rows))])
        return [OutputRecord("forecasts", None, series.encode(), value, (("ce_id", f"{series}/{row}".encode()),))]

    def dump(self) -> dict[str, bytes]:
        ranges: dict[str, dict[str, list[str]]] = {}
        for series, rows in sorted(self.ledger.items()):
            ranges.setdefault(f"range/{crc32(series.encode()) % RANGES}", {})[series] = rows
        head = {"next_offset": self.next_offset, "marks": dict(sorted(self.marks.items()))}
        return {"head": orjson.dumps(head)} | {name: orjson.dumps(rows) for name, rows in ranges.items()}

    def load(self, sections: Mapping[str, bytes]) -> None:
        head = orjson.loads(sections["head"])
        self.next_offset, self.marks = head["next_offset"], head["marks"]
        for name, section in sections.items():
            if name != "head":
                self.ledger.update(orjson.loads(section))

    def figures(self) -> PipelineFigures:
        return PipelineFigures(len(self.ledger), 0, None, sum(map(len, self.ledger.values())), Counter(), 0, 0)

    def can_mend(self, damaged: Collection[str]) -> bool:
        return all(name.startswith("range/") for name in damaged)

    def mend(self, sections: Mapping[str, bytes], damaged: Collection[str], rebuilt: "ToyPipeline") -> int:
        self.load(sections)
        lost = {
            series: rows
            for series, rows in rebuilt.ledger.items()
            if f"range/{crc32(series.encode()) % RANGES}" in damaged
        }
        self.ledger.update(lost)
        return len(lost)


class PassingPipeline(ToyPipeline):
    """Writes each row to the signals topic too, as its own row of that number."""

    def __init__(self, partition: int) -> None:
        super().__init__()
        self.partition = partition

    def _pass_on(self, series: list[str]) -> list[OutputRecord]:
        first = sum(map(len, self.ledger.values())) - len(series)
        rows: dict[int, list[tuple[int, str]]] = {}
        for place, name in enumerate(series, start=first):
            rows.setdefault(crc32(name.encode()) // 7 % PARTITIONS, []).append((place, f"{name}'"))
        source = f"samples/{self.partition}"
        return [
            OutputRecord("signals", number, source.encode(), orjson.dumps([source, of_number]), ())
            for number, of_number in sorted(rows.items())
        ]


def toy_engine() -> Engine:
    return Engine(ToyIngest, lambda _: ToyPipeline(), lambda _: ToyPipeline())


def passing_engine() -> Engine:
    """Its second pipelines keep ledgers of what the first ones pass on."""
    return Engine(ToyIngest, PassingPipeline, lambda _: ToyPipeline())
