"""A small fleet that does everything wrong that telemetry can do wrong, as a log; the same for the same seed."""

from collections.abc import Callable
from random import Random
from typing import Any

from streams.events import EventRecord
from streams.settings.model import Settings
from streams.silence import SilenceRecord
from tests.streams.pipeline.logs import MINUTE_MS, T_MS, Control, Log, Row, Source, Tick, event, settings

STEP_MS = 600_000
JUMP_STEPS = 20
SERIES_MAX = 26

PLAIN: list[Source] = [("telemetry", 0), ("telemetry", 1)]
INFERRED: Source = ("inferred", 0)
METERED: Source = ("metered", 0)
SOURCES = [*PLAIN, *PLAIN, INFERRED, METERED]
HOSTS = "ab"


def fleet_settings(**sections: Any) -> Settings:
    """Counters, limits of other metrics, rules of all kinds, aggregation, inferred steps, and a bank too small."""
    fleet: dict[str, Any] = {
        "sources": [
            {"topic": "telemetry", "step": "10m", "entity": ["host"]},
            {"topic": "inferred", "entity": ["host"]},
            {"topic": "metered", "step": "10m", "entity": ["host"], "aggregate": "mean", "lateness_steps": 1},
        ],
        "capacity": [
            {"name": "memory", "metric": "mem*", "limit": {"metric": "mem_size"}},
            {"name": "cpu", "metric": "cpu", "limit": {"value": 90}},
            {"name": "low", "metric": "*", "labels": {"host": "a"}, "limit": {"value": -1}, "direction": "down"},
        ],
        "failures": [
            {"name": "hot", "metric": "cpu", "above": 60, "for": "20m", "within": "1h"},
            {"name": "any", "metric": "*", "below": 10, "for": "10m", "within": "2h"},
        ],
        "hazards": [
            {
                "name": "wear",
                "within": "2h",
                "every": "20m",
                "signs": [{"metric": "*_metered", "sign": "change", "weight": 1}],
            }
        ],
        "objectives": [
            {
                "name": "fits",
                "target": 99,
                "window": "7d",
                "every": "10m",
                "total": {"metric": "*_metered"},
                "bad": {"metric": "mem_metered"},
            }
        ],
        "limits": {"jump_steps": JUMP_STEPS, "series_per_partition": SERIES_MAX, "evict_after": "4h"},
    }
    return settings(**(fleet | sections))


class _Writer:
    """Writes the log: where each source partition is, and what each series' time and counter are."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.events = Random(seed)
        self.silences = Random(seed)
        self.log: list[Row | Tick | Control] = []
        self.said: list[EventRecord] = []
        self.sent: dict[Source, list[Row]] = {source: [] for source in SOURCES}
        self.clock_ms = dict.fromkeys(SOURCES, T_MS)
        self.total = 0.0

    def series(self, source: Source) -> str:
        host, device = self.random.choice(HOSTS), self.random.choice("xy")
        metrics = ["cpu", "mem", "mem_size", "requests_total"]
        if self.random.random() < 0.15:
            return f'{self.random.choice(["mem", "mem_size", "disk"])}{{device="{device}",host="{host}"}}'
        metric = self.random.choice(metrics)
        return f'{metric}_{source[0]}{{host="{host}"}}' if source[0] != "telemetry" else f'{metric}{{host="{host}"}}'

    def value(self, series: str) -> float:
        if series.startswith("requests"):
            self.total = 0.0 if self.random.random() < 0.1 else self.total + self.random.randrange(100)
            return self.total
        return round(self.random.gauss(50, 20), 2) if not series.startswith("mem_size") else 100.0

    def send(self, source: Source, series: str, timestamp_ms: int) -> None:
        row = Row(source, len(self.sent[source]), series, timestamp_ms, self.value(series))
        self.sent[source].append(row)
        self.log.append(row)

    def round(self, source: Source) -> None:
        """One step of a source: most hosts report, some of them oddly."""
        self.clock_ms[source] += STEP_MS
        for _ in range(self.random.randrange(1, 12)):
            series = self.series(source)
            self.send(source, series, self.clock_ms[source] + self.oddity() + self.random.randrange(60_000))

    def oddity(self) -> int:
        far = (JUMP_STEPS + self.random.randrange(1, 50)) * STEP_MS
        odd = [-STEP_MS, -3 * STEP_MS, STEP_MS // 2, 2 * STEP_MS, far, far, -far]
        return self.random.choice(odd) if self.random.random() < 0.15 else 0

    def tick(self, source: Source) -> None:
        self.log.append(Tick(source, self.clock_ms[source] - self.random.choice([0, 0, STEP_MS, 10_000])))

    def say(self) -> None:
        """Somebody excludes a time, ends or takes back what was said, or ingest says again what it had said already."""
        now = (max(self.clock_ms.values()) - T_MS) / MINUTE_MS
        since = now + 10 * self.events.choice([-60, -10, -1, 0, 1, 5])
        until = self.events.choice([None, since, since + 20, since + 300])
        changes: dict[str, Any] = {
            "id": self.events.choice("abcdef"),
            "metric": self.events.choice(["*", "*", "cpu*", "mem", "requests_*"]),
            "labels": self.events.choice([{}, {}, {"host": "a"}, {"host": "b", "device": "x"}]),
            "learn": self.events.random() < 0.1,
            "cancelled": self.events.random() < 0.1,
            "suppress": self.events.random() < 0.5,
        }
        self.said.append(event(since, until, len(self.said), **changes))
        again = self.events.choice(self.said) if self.events.random() < 0.2 else None
        self.log += [self.said[-1], again] if again else [self.said[-1]]

    def hush(self) -> None:
        """Ingest says that a source is silent; it may have said so long ago, or may know too little."""
        source = self.silences.choice(SOURCES)
        self.log.append(SilenceRecord(*source, len(self.sent[source]) - self.silences.choice([0, 0, 0, 5])))

    def outage(self, source: Source) -> None:
        """Nothing for so long that the next samples are jumps, until they confirm each other."""
        self.clock_ms[source] += self.random.choice([3, JUMP_STEPS + 5]) * STEP_MS

    def reread(self, source: Source) -> None:
        """Ingest died and reads again what it had sent already."""
        self.log.extend(self.sent[source][-self.random.randrange(1, 6) :] if self.sent[source] else [])

    def restart(self, source: Source) -> None:
        """A series begins with an absurd sample and goes on with sound ones."""
        series = f'disk{{device="{self.random.randrange(100)}",host="{self.random.choice(HOSTS)}"}}'
        self.send(source, series, self.clock_ms[source] + 1000 * STEP_MS)
        for place in range(5):
            self.send(source, series, self.clock_ms[source] + place * STEP_MS)


def fleet_log(seed: int, rounds: int = 60) -> Log:
    """A log of about six rows per round."""
    writer = _Writer(seed)
    rare: list[Callable[[Source], None]] = [writer.outage, writer.reread, writer.restart]
    for _ in range(rounds):
        source = writer.random.choice(SOURCES)
        writer.round(source)
        if writer.random.random() < 0.5:
            writer.tick(source)
        if writer.events.random() < 0.15:
            writer.say()
        if writer.silences.random() < 0.1:
            writer.hush()
        if writer.random.random() < 0.1:
            writer.random.choice(rare)(source)
    return writer.log
