"""What a checkpoint costs to write: bytes per series, by kind of section, and per sample at some intervals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka.codec import zstd_encode

from streams.checkpoint import Write

INTERVALS_MINUTES = (1, 10, 20, 30, 40, 60)
MANIFEST_KIND = "manifest"


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes as they are, and as the producer sends them."""

    plain: int = 0
    zstd: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(self.plain + other.plain, self.zstd + other.zstd)


@dataclass(frozen=True, slots=True)
class Cost:
    """What checkpoints at an interval write per sample, and what they leave to be read again, at the most."""

    minutes: int
    plain_per_sample: float
    zstd_per_sample: float
    replayed_samples: int


def sizes_of(writes: Iterable[Write]) -> dict[str, Size]:
    """The sizes of records, by kind. Each is compressed alone: nearly all are larger than the producer's batches."""
    sizes: dict[str, Size] = {}
    for key, value in writes:
        if value is not None:
            kind = kind_of(key)
            size = Size(len(key) + len(value), len(key) + len(zstd_encode(value)))
            sizes[kind] = sizes.get(kind, Size()) + size
    return sizes


def kind_of(key: bytes) -> str:
    """The kind of section under a changelog key."""
    word, _, rest = key.decode().partition("/")
    return MANIFEST_KIND if word == "m" else rest.partition("/")[0]


def total(sizes: Mapping[str, Size]) -> Size:
    """All kinds together."""
    return sum(sizes.values(), Size())


def costs(per_checkpoint: Size, series: int, intervals: Sequence[int] = INTERVALS_MINUTES) -> list[Cost]:
    """The cost of checkpoints of `series` series that have a sample a minute each."""
    return [
        Cost(
            minutes,
            per_checkpoint.plain / (series * minutes),
            per_checkpoint.zstd / (series * minutes),
            series * minutes,
        )
        for minutes in intervals
    ]


def document_of(sizes: Mapping[str, Size], series: int) -> dict[str, Any]:
    """Bytes per series, for programs."""
    return {
        kind: {"bytes_per_series": size.plain / series, "zstd_bytes_per_series": size.zstd / series}
        for kind, size in sorted(sizes.items())
    }
