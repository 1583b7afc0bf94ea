"""Checkpoints: a partition's state as records of a compacted changelog, safe against dying at any moment.

The state is a set of named sections. Whoever writes is a *writer*: one worker, from one restore of the partition to its
end. A section's record has the key ``s/<name>/<writer>/<buffer>``, a manifest's ``m/<writer>``; the manifest says which
records make up a state. So two writers never write the same key, and a worker that goes on writing after it has lost
the partition, a zombie, adds records and changes none of another's.

Three rules keep at least one state whole whatever dies, sleeps or wakes, and whenever:

1. A writer puts a changed section into that of its two buffers which its last *committed* manifest does not name, and
   writes the manifest after the sections.
2. It overwrites and tombstones nothing that was named before until the manifest is durable **and** the group has
   taken its commit. The broker takes none of a worker that has lost the partition: a zombie gets no further than one
   manifest more, which is whole, and tombstones that are late are of what nobody after it has named.
3. It names another writer's records only where that one's manifest was the only one on the changelog. Where there are
   several, a zombie's or a crash's, the first checkpoint writes everything under its own keys.

Any whole manifest is a correct state, because a state is a function of the log up to its offset; a restore takes the
one with the highest offset, from which there is least to read again.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple

from streams.frames import (
    MANIFEST_VERSION,
    SECTION,
    CorruptCheckpointError,
    Manifest,
    SectionRef,
    decode_manifest,
    encode_manifest,
    framed,
    is_manifest_key,
    is_named_by,
    ref_to,
    unframed,
)

BUFFERS = (0, 1)


class StateMismatchError(ValueError):
    """State that is whole, and that these settings or this release can't continue; the message says why."""


class Writer(NamedTuple):
    """Who writes: the group's generation, and a token that no other restore has."""

    generation: int
    token: str

    @property
    def name(self) -> str:
        """As it stands in keys."""
        return f"{self.generation}-{self.token}"


class Damage(NamedTuple):
    """A section that can't be restored, or the manifest (""), and why."""

    section: str
    problem: str


class Restored(NamedTuple):
    """The last durable state."""

    manifest: Manifest
    sections: dict[str, bytes]


class Found(NamedTuple):
    """What is on a changelog.

    `manifest` is None where none can be read. `sections` are those that are whole; `damage` says what is wrong with
    the others. `notes` tell of what else was found and does no harm. `keys` are all keys, `manifests` those of
    manifests among them.
    """

    manifest: Manifest | None
    sections: dict[str, bytes]
    damage: tuple[Damage, ...]
    notes: tuple[str, ...]
    keys: frozenset[bytes]
    manifests: frozenset[bytes]


NOTHING_FOUND = Found(None, {}, (), (), frozenset(), frozenset())


class Write(NamedTuple):
    """A changelog record; `value` None is a tombstone."""

    key: bytes
    value: bytes | None


class CheckpointPlan(NamedTuple):
    """What to write, in three groups: each must be durable before the next is begun, and a commit before tombstones."""

    sections: list[Write]
    manifest: Write
    tombstones: list[Write]

    @property
    def value_bytes(self) -> int:
        """Bytes of its records' values."""
        return sum([len(write.value or b"") for write in (*self.sections, self.manifest)])


class _Opened(NamedTuple):
    plan: CheckpointPlan
    manifest: Manifest
    digests: dict[str, bytes]


class CheckpointBook:
    """What is durable of one partition's state, and so what the next checkpoint has to write."""

    def __init__(self, found: Found, writer: Writer) -> None:
        self._writer = writer
        self._refs: Mapping[str, SectionRef] = {}
        self._digests: dict[str, bytes] = {}
        self._next_offset: int | None = None
        self._keys = set(found.keys)
        self._open: _Opened | None = None
        if found.manifest is not None and _can_be_named(found):
            self._refs = found.manifest.sections
            self._digests = {name: _digest(section) for name, section in found.sections.items()}
            self._next_offset = found.manifest.next_offset

    def plan(self, sections: Mapping[str, bytes], next_offset: int, topic_id: str = "") -> CheckpointPlan | None:
        """What a checkpoint of this state has to write; None if it is durable already.

        `topic_id` is of the topic that `next_offset` is an offset of.

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
        manifest = Manifest(next_offset, self._writer.generation, refs, self._writer.name, topic_id=topic_id)
        writes = [
            Write(refs[name].key(name), framed(SECTION, sections[name], self._writer.generation, next_offset))
            for name in changed
        ]
        plan = CheckpointPlan(
            writes,
            Write(manifest.key, encode_manifest(manifest)),
            [Write(key, None) for key in sorted(self._keys - self._kept(manifest))],
        )
        self._open = _Opened(plan, manifest, digests)
        return plan

    def confirm(self, plan: CheckpointPlan) -> None:
        """Note that the plan's manifest, and so everything it names, is durable, and that the group took the commit."""
        assert self._open is not None
        assert self._open.plan is plan
        self._refs, self._digests = self._open.manifest.sections, self._open.digests
        self._next_offset = self._open.manifest.next_offset
        self._keys |= {write.key for write in [*plan.sections, plan.manifest]}
        self._keys -= {write.key for write in plan.tombstones}
        self._open = None

    def _ref(self, name: str, section: bytes, changed: bool) -> SectionRef:
        durable = self._refs.get(name)
        if durable is not None and not changed:
            return durable
        ours = durable is not None and durable.writer == self._writer.name
        return ref_to(section, self._writer.name, 1 - durable.buffer if durable and ours else BUFFERS[0])

    def _kept(self, manifest: Manifest) -> set[bytes]:
        """What no tombstone is for: what the manifest names, itself, and our buffers, which are written in turns."""
        named = {ref.key(name) for name, ref in manifest.sections.items()}
        spare = {
            ref._replace(buffer=buffer).key(name)
            for name, ref in manifest.sections.items()
            for buffer in BUFFERS
            if ref.writer == self._writer.name
        }
        return named | spare | {manifest.key}


def find(records: Mapping[bytes, bytes]) -> Found:
    """What the latest values of a changelog's keys hold: the whole state with the highest offset, if there is one."""
    keys = frozenset(records)
    manifests, unreadable = _manifests(records)
    known = frozenset([key for key in keys if is_manifest_key(key)])
    best: Found | None = None
    for manifest in manifests:
        sections, damage = _sections(manifest, records)
        notes = _notes(manifest, manifests, unreadable)
        found = Found(manifest, sections, damage, notes, keys, known)
        if not damage:
            return found
        best = best or found
    if best is not None:
        return best
    return Found(None, {}, tuple(unreadable), (), keys, known)


def restore(records: Mapping[bytes, bytes]) -> Restored | None:
    """The last durable state, from the latest value of every changelog key; None if none was ever completed.

    Raises
    ------
    CorruptCheckpointError
        If no state is whole. Names every section that is missing or not what it must be.
    """
    found = find(records)
    if found.damage:
        raise CorruptCheckpointError("; ".join([damage.problem for damage in found.damage]))
    return Restored(found.manifest, found.sections) if found.manifest else None


def _can_be_named(found: Found) -> bool:
    """Whether a new writer may name these records and need not write them again; rule 3 of the module."""
    assert found.manifest is not None
    is_alone = found.manifests == {found.manifest.key}
    return is_alone and not found.damage and found.manifest.version == MANIFEST_VERSION


def _manifests(records: Mapping[bytes, bytes]) -> tuple[list[Manifest], list[Damage]]:
    """The manifests, highest offset first, and those that can't be read."""
    manifests, unreadable = [], []
    for key, value in sorted(records.items()):
        if is_manifest_key(key):
            try:
                manifests.append(decode_manifest(value))
            except CorruptCheckpointError as error:
                unreadable.append(Damage("", str(error)))
    return sorted(manifests, key=lambda each: (each.next_offset, each.generation), reverse=True), unreadable


def _notes(chosen: Manifest, manifests: list[Manifest], unreadable: list[Damage]) -> tuple[str, ...]:
    beside = [
        f"a manifest of generation {other.generation} at offset {other.next_offset} lies beside the one of generation"
        f" {chosen.generation} at {chosen.next_offset}: a worker died before it could clear it away, or wrote on after"
        " it had lost the partition"
        for other in manifests
        if other is not chosen
    ]
    return (*beside, *[damage.problem for damage in unreadable])


def _sections(manifest: Manifest, records: Mapping[bytes, bytes]) -> tuple[dict[str, bytes], tuple[Damage, ...]]:
    sections, damage = {}, []
    for name, ref in manifest.sections.items():
        try:
            sections[name] = _checked_section(name, ref, manifest, records)
        except CorruptCheckpointError as error:
            where = f"checkpoint section {name!r} (buffer {ref.buffer})"
            damage.append(Damage(name, f"{where}: {error}"))
    return sections, tuple(damage)


def _checked_section(name: str, ref: SectionRef, manifest: Manifest, records: Mapping[bytes, bytes]) -> bytes:
    value = records.get(ref.key(name))
    if value is None:
        raise CorruptCheckpointError("is named by the manifest and missing from the changelog")
    frame = unframed(SECTION, value)
    if is_named_by(ref, frame.payload):
        return frame.payload
    if frame.next_offset is None:
        raise CorruptCheckpointError("is whole, but not the one that the manifest names")
    raise CorruptCheckpointError(
        f"is whole, but not the one that the manifest names: generation {frame.generation} wrote it at offset"
        f" {frame.next_offset}, the manifest is of generation {manifest.generation} at {manifest.next_offset}"
    )


def _digest(section: bytes) -> bytes:
    # Tells changed from unchanged. A CRC would do so too, until the day two states of a section share theirs.
    # Processors have instructions for this hash, which make it twice as fast as blake2b.
    return sha256(section, usedforsecurity=False).digest()
