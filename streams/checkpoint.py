"""Checkpoints: a partition's state as records of a compacted changelog, safe against dying at any moment.

The state is a set of named sections. Every section has two buffers, the keys ``s/<name>/0`` and ``s/<name>/1``; the
manifest, key ``m``, says which of the two holds the section, and how many bytes and which CRC it must have.

A checkpoint writes each changed section into the buffer that the last durable manifest does *not* name, then, when
these records are durable, the new manifest. So the records a durable manifest names are never overwritten before a
newer manifest is durable: whatever dies and whenever, the last durable manifest can be read back whole. Sections that
are gone get tombstones after that, since nothing names them any more.
"""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

MANIFEST_KEY = b"m"
MANIFEST_VERSION = 1
BUFFERS = (0, 1)
SECTION_BYTES_MAX = 900_000
"""What a section may hold, so that its record, frame and headers included, stays below a broker's usual 1 MiB."""

_MAGIC = b"FSKC"
_FRAME_VERSION = 1
_FRAME = struct.Struct(">4sBII")  # magic, version, CRC-32 and length of the bytes that follow
_DIGEST_BYTES = 16


class CorruptCheckpointError(ValueError):
    """A checkpoint that can't be read back whole; the message names the section and what is wrong with it."""


class SectionRef(NamedTuple):
    """Where a section lies and what it must be."""

    buffer: int
    crc32: int
    length_bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """One consistent state: the sections that make it up, and the first input offset it does not include."""

    next_offset: int
    generation: int
    sections: Mapping[str, SectionRef] = field(default_factory=dict)


class Restored(NamedTuple):
    """The last durable state."""

    manifest: Manifest
    sections: dict[str, bytes]


class Write(NamedTuple):
    """A changelog record; `value` None is a tombstone."""

    key: bytes
    value: bytes | None


class CheckpointPlan(NamedTuple):
    """What to write, in three groups: each must be durable before the next is begun."""

    sections: list[Write]
    manifest: Write
    tombstones: list[Write]


class CheckpointBook:
    """What is durable of one partition's state, and so what the next checkpoint has to write."""

    def __init__(self, restored: Restored | None = None) -> None:
        self._refs = dict(restored.manifest.sections) if restored else {}
        self._digests = {name: _digest(section) for name, section in restored.sections.items()} if restored else {}
        self._next_offset = restored.manifest.next_offset if restored else None
        self._open: tuple[CheckpointPlan, Manifest, dict[str, bytes]] | None = None

    def plan(self, sections: Mapping[str, bytes], next_offset: int, generation: int) -> CheckpointPlan | None:
        """What a checkpoint of this state has to write; None if it is durable already.

        Raises
        ------
        RuntimeError
            If the plan before this one was never confirmed. How much of it reached the broker is then unknown, and
            writing on could damage it; the state has to be restored first.
        """
        if self._open is not None:
            raise RuntimeError("the checkpoint before this one was not confirmed; restore the state first")
        digests = {name: _digest(section) for name, section in sections.items()}
        changed = [name for name in sections if digests[name] != self._digests.get(name)]
        gone = [name for name in self._refs if name not in sections]
        if not changed and not gone and next_offset == self._next_offset:
            return None
        refs = {name: self._ref(name, sections[name], name in changed) for name in sections}
        manifest = Manifest(next_offset, generation, refs)
        plan = CheckpointPlan(
            sections=[Write(_section_key(name, refs[name].buffer), _framed(sections[name])) for name in changed],
            manifest=Write(MANIFEST_KEY, _encode_manifest(manifest)),
            tombstones=[Write(_section_key(name, buffer), None) for name in gone for buffer in BUFFERS],
        )
        self._open = plan, manifest, digests
        return plan

    def confirm(self, plan: CheckpointPlan) -> None:
        """Note that the plan's manifest, and so everything it names, is durable."""
        assert self._open is not None
        opened, manifest, digests = self._open
        assert opened is plan
        self._refs, self._digests, self._next_offset = dict(manifest.sections), digests, manifest.next_offset
        self._open = None

    def _ref(self, name: str, section: bytes, changed: bool) -> SectionRef:
        durable = self._refs.get(name)
        if durable is not None and not changed:
            return durable
        return SectionRef(1 - durable.buffer if durable else BUFFERS[0], zlib.crc32(section), len(section))


def restore(records: Mapping[bytes, bytes]) -> Restored | None:
    """The last durable state, from the latest value of every changelog key; None if none was ever completed.

    Raises
    ------
    CorruptCheckpointError
        If the manifest, or a section that it names, is missing or not what it must be.
    """
    encoded = records.get(MANIFEST_KEY)
    if encoded is None:
        return None
    manifest = _decode_manifest(encoded)
    sections = {name: _checked_section(name, ref, records) for name, ref in manifest.sections.items()}
    return Restored(manifest, sections)


def _section_key(name: str, buffer: int) -> bytes:
    return f"s/{name}/{buffer}".encode()


def _digest(section: bytes) -> bytes:
    # Tells changed from unchanged. A CRC would do so too, until the day two states of a section share theirs.
    return blake2b(section, digest_size=_DIGEST_BYTES).digest()


def _framed(section: bytes) -> bytes:
    if len(section) > SECTION_BYTES_MAX:
        raise ValueError(f"section of {len(section)} bytes, more than the {SECTION_BYTES_MAX} a record may carry")
    return _FRAME.pack(_MAGIC, _FRAME_VERSION, zlib.crc32(section), len(section)) + section


def _unframed(framed: bytes) -> bytes:
    if len(framed) < _FRAME.size:
        raise CorruptCheckpointError(f"has {len(framed)} bytes, fewer than a frame's head")
    magic, version, crc32, length_bytes = _FRAME.unpack_from(framed)
    section = framed[_FRAME.size :]
    if magic != _MAGIC or version != _FRAME_VERSION:
        raise CorruptCheckpointError(f"begins with {magic!r}, version {version}: not written by this release")
    if length_bytes != len(section):
        raise CorruptCheckpointError(f"has {len(section)} bytes where its frame says {length_bytes}")
    if crc32 != zlib.crc32(section):
        raise CorruptCheckpointError("does not match its own CRC")
    return section


def _checked_section(name: str, ref: SectionRef, records: Mapping[bytes, bytes]) -> bytes:
    where = f"checkpoint section {name!r} (buffer {ref.buffer})"
    framed = records.get(_section_key(name, ref.buffer))
    if framed is None:
        raise CorruptCheckpointError(f"{where}: is named by the manifest and missing from the changelog")
    try:
        section = _unframed(framed)
    except CorruptCheckpointError as error:
        raise CorruptCheckpointError(f"{where}: {error}") from None
    if (zlib.crc32(section), len(section)) != (ref.crc32, ref.length_bytes):
        raise CorruptCheckpointError(f"{where}: is whole, but not the one that the manifest names")
    return section


def _encode_manifest(manifest: Manifest) -> bytes:
    sections = {
        name: {"buffer": ref.buffer, "crc32": ref.crc32, "bytes": ref.length_bytes}
        for name, ref in manifest.sections.items()
    }
    return orjson.dumps(
        {
            "v": MANIFEST_VERSION,
            "next_offset": manifest.next_offset,
            "generation": manifest.generation,
            "sections": sections,
        }
    )


def _decode_manifest(encoded: bytes) -> Manifest:
    try:
        fields: dict[str, Any] = orjson.loads(encoded)
        version = fields["v"]
        if version != MANIFEST_VERSION:
            raise CorruptCheckpointError(f"checkpoint manifest: version {version!r} is not known to this release")
        sections = {
            str(name): SectionRef(int(ref["buffer"]), int(ref["crc32"]), int(ref["bytes"]))
            for name, ref in fields["sections"].items()
        }
        return Manifest(int(fields["next_offset"]), int(fields["generation"]), sections)
    except (KeyError, TypeError, AttributeError, orjson.JSONDecodeError) as error:
        raise CorruptCheckpointError(f"checkpoint manifest: can't be read: {type(error).__name__}: {error}") from error
