"""Sections of a state that are lists of items or ranges of slots, cut so that each is small enough for one record."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

SECTION_BYTES_MAX = 800_000
SLOTS_PER_RANGE_MAX = 1024


def dump_items(name: str, items: list[Any]) -> dict[str, bytes]:
    """Items as JSON arrays, cut where the bytes, which names and open steps may make many, reach a section's size."""
    chunks: list[list[bytes]] = [[]]
    size = 0
    for encoded in map(orjson.dumps, items):
        if chunks[-1] and size + len(encoded) > SECTION_BYTES_MAX:
            chunks.append([])
            size = 0
        chunks[-1].append(encoded)
        size += len(encoded) + 1  # and a comma
    return {f"{name}/{number:05d}": b"[" + b",".join(chunk) + b"]" for number, chunk in enumerate(chunks) if chunk}


def load_items(name: str, sections: Mapping[str, bytes]) -> list[Any]:
    """The items of all sections of that name."""
    return [item for section in named(name, sections) for item in orjson.loads(sections[section])]


def named(name: str, sections: Mapping[str, bytes]) -> list[str]:
    """The sections of a name, in order."""
    return sorted([section for section in sections if section.startswith(f"{name}/")])


def per_range(slot_bytes: int) -> int:
    """How many slots of this size go into one section."""
    return max(1, min(SLOTS_PER_RANGE_MAX, SECTION_BYTES_MAX // slot_bytes))


def ranges(name: str, size: int, total: int) -> Iterator[tuple[str, int, int]]:
    """Sections of so many slots each, with the first slot and the one after the last."""
    for number, start in enumerate(range(0, total, size)):
        yield f"{name}/{number:05d}", start, min(start + size, total)
