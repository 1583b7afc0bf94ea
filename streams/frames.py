"""The bytes of a checkpoint's records: frames around sections and manifests, drawn in `streams/runtime/FORMAT.md`.

A frame says who wrote it, and when: the consumer group's generation, and the input offset of the state it is of. So
what a worker wrote that had lost the partition is told from what was damaged.
"""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

SECTION_BYTES_MAX = 900_000
"""What a section may hold, so that its record, frame and headers included, stays below a broker's usual 1 MiB."""

SECTION, MANIFEST = b"s", b"m"
FRAME_VERSION = MANIFEST_VERSION = 2

_MAGIC = b"FSKC"
_HEAD = struct.Struct(">4sBciQI")  # magic, version, kind, generation, next offset, length of the payload
_CRC = struct.Struct(">I")  # of the head and the payload
_HEAD_1 = struct.Struct(">4sBII")  # version 1: magic, version, CRC-32 of the payload, its length
_NOBODY = ""
"""The writer of what version 1 wrote: its keys name none."""


class CorruptCheckpointError(ValueError):
    """A checkpoint that can't be read back whole; the message names the section and what is wrong with it."""


class Frame(NamedTuple):
    """What a frame holds, and who wrote it; version 1 did not say."""

    payload: bytes
    generation: int | None
    next_offset: int | None


class SectionRef(NamedTuple):
    """Where a section lies, and what it must be."""

    writer: str
    buffer: int
    crc32: int
    length_bytes: int

    def key(self, name: str) -> bytes:
        """The key of the section's record."""
        writer = f"{self.writer}/" if self.writer else ""
        return f"s/{name}/{writer}{self.buffer}".encode()


@dataclass(frozen=True, slots=True)
class Manifest:
    """One consistent state: the sections that make it up, and the first input offset it does not include.

    `topic_id` is the broker's id of the topic that it is an offset of; "" where it is not known.
    """

    next_offset: int
    generation: int
    sections: Mapping[str, SectionRef] = field(default_factory=dict)
    writer: str = _NOBODY
    version: int = MANIFEST_VERSION
    topic_id: str = ""

    @property
    def key(self) -> bytes:
        """The key of the manifest's record: every writer has its own."""
        return f"m/{self.writer}".encode() if self.writer else b"m"


def is_manifest_key(key: bytes) -> bool:
    """Whether a record is a manifest."""
    return key == b"m" or key.startswith(b"m/")


def ref_to(section: bytes, writer: str, buffer: int) -> SectionRef:
    """What a manifest says of a section."""
    return SectionRef(writer, buffer, zlib.crc32(section), len(section))


def is_named_by(ref: SectionRef, payload: bytes) -> bool:
    """Whether a payload is the one that a manifest names."""
    return (ref.crc32, ref.length_bytes) == (zlib.crc32(payload), len(payload))


def framed(kind: bytes, payload: bytes, generation: int, next_offset: int) -> bytes:
    """A record's value.

    Raises
    ------
    ValueError
        If a section is larger than a record may carry.
    """
    if kind == SECTION and len(payload) > SECTION_BYTES_MAX:
        raise ValueError(f"section of {len(payload)} bytes, more than the {SECTION_BYTES_MAX} a record may carry")
    head = _HEAD.pack(_MAGIC, FRAME_VERSION, kind, generation, next_offset, len(payload))
    return head + _CRC.pack(zlib.crc32(payload, zlib.crc32(head))) + payload


def unframed(kind: bytes, value: bytes) -> Frame:
    """What a record's value holds.

    Raises
    ------
    CorruptCheckpointError
        If it is not what was written.
    """
    if value[:5] == _MAGIC + b"\x01":
        return _unframed_1(value)
    if len(value) < _HEAD.size + _CRC.size:
        raise CorruptCheckpointError(f"has {len(value)} bytes, fewer than a frame's head")
    magic, version, written_kind, generation, next_offset, length_bytes = _HEAD.unpack_from(value)
    if magic != _MAGIC or version != FRAME_VERSION:
        raise CorruptCheckpointError(f"begins with {magic!r}, version {version}: not written by this release")
    payload = value[_HEAD.size + _CRC.size :]
    if length_bytes != len(payload):
        raise CorruptCheckpointError(f"has {len(payload)} bytes where its frame says {length_bytes}")
    [crc32] = _CRC.unpack_from(value, _HEAD.size)
    if crc32 != zlib.crc32(payload, zlib.crc32(value[: _HEAD.size])):
        raise CorruptCheckpointError("does not match its own CRC")
    if written_kind != kind:
        raise CorruptCheckpointError(f"is of kind {written_kind!r} where {kind!r} should be")
    return Frame(payload, generation, next_offset)


def _unframed_1(value: bytes) -> Frame:
    if len(value) < _HEAD_1.size:
        raise CorruptCheckpointError(f"has {len(value)} bytes, fewer than a frame's head")
    _, _, crc32, length_bytes = _HEAD_1.unpack_from(value)
    payload = value[_HEAD_1.size :]
    if length_bytes != len(payload):
        raise CorruptCheckpointError(f"has {len(payload)} bytes where its frame says {length_bytes}")
    if crc32 != zlib.crc32(payload):
        raise CorruptCheckpointError("does not match its own CRC")
    return Frame(payload, None, None)


def encode_manifest(manifest: Manifest) -> bytes:
    """A manifest's record."""
    sections = {
        name: {"writer": ref.writer, "buffer": ref.buffer, "crc32": ref.crc32, "bytes": ref.length_bytes}
        for name, ref in manifest.sections.items()
    }
    fields = {
        "v": MANIFEST_VERSION,
        "next_offset": manifest.next_offset,
        "generation": manifest.generation,
        "writer": manifest.writer,
        "topic_id": manifest.topic_id,
        "sections": sections,
    }
    return framed(MANIFEST, orjson.dumps(fields), manifest.generation, manifest.next_offset)


def decode_manifest(value: bytes) -> Manifest:
    """What `encode_manifest` made; of version 1, too, which was JSON without a frame.

    Raises
    ------
    CorruptCheckpointError
        If it can't be read.
    """
    try:
        fields = _manifest_fields(value)
        sections = {
            str(name): SectionRef(
                str(ref.get("writer", _NOBODY)), int(ref["buffer"]), int(ref["crc32"]), int(ref["bytes"])
            )
            for name, ref in fields["sections"].items()
        }
        writer = str(fields.get("writer", _NOBODY))
        topic_id = str(fields.get("topic_id", ""))
        return Manifest(int(fields["next_offset"]), int(fields["generation"]), sections, writer, fields["v"], topic_id)
    except CorruptCheckpointError as error:
        raise CorruptCheckpointError(f"checkpoint manifest: {error}") from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CorruptCheckpointError(f"checkpoint manifest: can't be read: {type(error).__name__}: {error}") from error


def _manifest_fields(value: bytes) -> dict[str, Any]:
    """A manifest's JSON; it stands bare in version 1."""
    fields: dict[str, Any] = orjson.loads(value if value[:1] == b"{" else unframed(MANIFEST, value).payload)
    if fields["v"] not in (1, MANIFEST_VERSION):
        raise CorruptCheckpointError(f"version {fields['v']!r} is not known to this release")
    return fields
