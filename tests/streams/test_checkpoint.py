"""Whatever dies and whenever, the last durable state comes back whole, or the loss is named."""

from collections.abc import Iterable, Mapping

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.checkpoint import (
    NOTHING_FOUND,
    CheckpointBook,
    CheckpointPlan,
    Write,
    Writer,
    find,
    restore,
)
from streams.frames import MANIFEST as MANIFEST_KIND
from streams.frames import (
    SECTION_BYTES_MAX,
    CorruptCheckpointError,
    Manifest,
    decode_manifest,
    encode_manifest,
    framed,
    is_manifest_key,
)

FIRST, SECOND = Writer(1, "aa"), Writer(2, "bb")

States = list[dict[str, bytes]]

# Few names and few contents, so that sections often stay, change back, vanish and return.
states = st.lists(
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from([b"", b"x", b"y", b"\0" * 40]), max_size=4), max_size=8
)


def replay(writes: Iterable[Write]) -> dict[bytes, bytes]:
    """The latest value of every key, as compaction leaves it."""
    records: dict[bytes, bytes] = {}
    for key, value in writes:
        if value is None:
            records.pop(key, None)
        else:
            records[key] = value
    return records


def new_book() -> CheckpointBook:
    return CheckpointBook(NOTHING_FOUND, FIRST)


def plan_of(book: CheckpointBook, sections: Mapping[str, bytes], next_offset: int) -> CheckpointPlan:
    plan = book.plan(sections, next_offset)
    assert plan is not None
    return plan


def writes_of(plan: CheckpointPlan) -> list[Write]:
    return [*plan.sections, plan.manifest, *plan.tombstones]


def log_of(history: States) -> tuple[list[Write], dict[int, int]]:
    """All writes of the checkpoints in order, and for each number of durable writes the last state that is durable."""
    book, log, durable_after = new_book(), [], {0: -1}
    for number, sections in enumerate(history):
        plan = plan_of(book, sections, next_offset=number)
        for write in writes_of(plan):
            log.append(write)
            durable_after[len(log)] = number if is_manifest_key(write.key) else durable_after[len(log) - 1]
        book.confirm(plan)
    return log, durable_after


@given(states, st.data())
def test_a_crash_after_any_write_leaves_the_last_durable_state(history: States, data: st.DataObject) -> None:
    log, durable_after = log_of(history)
    crash = data.draw(st.integers(0, len(log)))
    restored = restore(replay(log[:crash]))
    if durable_after[crash] < 0:
        assert restored is None
    else:
        assert restored is not None
        assert restored.manifest.next_offset == durable_after[crash]
        assert restored.sections == history[durable_after[crash]]


@given(states, states, st.data())
def test_a_second_life_after_a_crash_keeps_the_promise(first: States, second: States, data: st.DataObject) -> None:
    log, _ = log_of(first)
    log = log[: data.draw(st.integers(0, len(log)))]
    restored = restore(replay(log))
    book = CheckpointBook(find(replay(log)), SECOND)
    last = restored.sections if restored else None
    for number, sections in enumerate(second):
        plan = plan_of(book, sections, next_offset=100 + number)
        for write in [*plan.sections]:
            log.append(write)
            before = restore(replay(log))
            assert (before.sections if before else None) == last
        log += [plan.manifest, *plan.tombstones]
        book.confirm(plan)
        last = sections
        after = restore(replay(log))
        assert after is not None
        assert after.sections == sections


@given(states)
def test_sections_of_one_group_may_become_durable_in_any_order(history: States) -> None:
    book, log = new_book(), list[Write]()
    for number, sections in enumerate(history):
        plan = plan_of(book, sections, next_offset=number)
        log += [*reversed(plan.sections), plan.manifest, *reversed(plan.tombstones)]
        book.confirm(plan)
        restored = restore(replay(log))
        assert restored is not None
        assert restored.sections == sections


def test_only_changed_sections_are_written() -> None:
    book = new_book()
    book.confirm(plan_of(book, {"a": b"1", "b": b"1"}, 1))
    plan = plan_of(book, {"a": b"1", "b": b"2"}, 2)
    assert [write.key for write in plan.sections] == [b"s/b/1-aa/1"]
    assert plan.tombstones == []


def test_an_unchanged_state_needs_no_checkpoint() -> None:
    book = new_book()
    book.confirm(plan_of(book, {"a": b"1"}, 1))
    assert book.plan({"a": b"1"}, 1) is None
    assert book.plan({"a": b"1"}, 2) is not None


def test_a_restored_book_knows_what_is_unchanged() -> None:
    log, _ = log_of([{"a": b"1", "b": b"1"}])
    plan = plan_of(CheckpointBook(find(replay(log)), SECOND), {"a": b"1", "b": b"2"}, 9)
    assert [write.key for write in plan.sections] == [b"s/b/2-bb/0"]
    assert [write.key for write in plan.tombstones] == [b"m/1-aa", b"s/b/1-aa/0"]


def test_sections_that_are_gone_get_tombstones_in_both_buffers() -> None:
    book = new_book()
    book.confirm(plan_of(book, {"a": b"1"}, 1))
    book.confirm(plan_of(book, {"a": b"2"}, 2))
    assert plan_of(book, {}, 3).tombstones == [Write(b"s/a/1-aa/0", None), Write(b"s/a/1-aa/1", None)]


def test_beside_a_second_manifest_everything_is_written_anew_and_the_rest_cleared_away() -> None:
    """Whose manifest that is may be awake yet, and clear away what it names."""
    log, _ = log_of([{"a": b"1", "b": b"1"}])
    zombie = plan_of(CheckpointBook(NOTHING_FOUND, Writer(0, "zz")), {"a": b"0", "b": b"1"}, 5)
    records = replay([*log, *writes_of(zombie)])
    found = find(records)
    assert found.manifest is not None
    assert (found.manifest.next_offset, len(found.notes), found.damage) == (5, 1, ())
    plan = plan_of(CheckpointBook(found, SECOND), found.sections, 5)
    assert [write.key for write in plan.sections] == [b"s/a/2-bb/0", b"s/b/2-bb/0"]
    assert {write.key for write in plan.tombstones} == set(records)


def test_a_manifest_that_is_not_whole_is_passed_over_for_one_that_is() -> None:
    log, _ = log_of([{"a": b"1"}])
    zombie = plan_of(CheckpointBook(NOTHING_FOUND, Writer(0, "zz")), {"a": b"0"}, 5)
    restored = restore(replay([*log, zombie.manifest]))
    assert restored is not None
    assert restored.sections == {"a": b"1"}


def test_who_wrote_a_section_that_is_not_the_manifests_is_said() -> None:
    log, _ = log_of([{"a": b"1"}])
    other = plan_of(CheckpointBook(NOTHING_FOUND, Writer(7, "zz")), {"a": b"0"}, 5)
    with pytest.raises(
        CorruptCheckpointError, match=r"generation 7 wrote it at offset 5, the manifest is of generation 1 at 0"
    ):
        restore(replay(log) | {b"s/a/1-aa/0": other.sections[0].value or b""})


def test_an_unconfirmed_checkpoint_forbids_another() -> None:
    book = new_book()
    book.plan({"a": b"1"}, 1)
    with pytest.raises(RuntimeError, match="not confirmed"):
        book.plan({"a": b"2"}, 2)


def test_a_section_too_large_for_a_record_is_refused() -> None:
    with pytest.raises(ValueError, match="more than"):
        new_book().plan({"a": bytes(SECTION_BYTES_MAX + 1)}, 1)


BANK, MANIFEST = b"s/bank/1-aa/0", b"m/1-aa"


def checkpoint() -> dict[bytes, bytes]:
    log, _ = log_of([{"bank": b"rows of the bank", "names": b"cpu"}])
    return replay(log)


def test_a_missing_section_is_named() -> None:
    records = checkpoint()
    del records[BANK]
    with pytest.raises(CorruptCheckpointError, match=r"'bank' \(buffer 0\): is named by the manifest and missing"):
        restore(records)


def test_every_flipped_byte_of_a_section_is_noticed() -> None:
    framed = checkpoint()[BANK]
    for place in range(len(framed)):
        damaged = bytearray(framed)
        damaged[place] ^= 0x10
        with pytest.raises(CorruptCheckpointError, match="'bank'"):
            restore(checkpoint() | {BANK: bytes(damaged)})


@pytest.mark.parametrize("length", [0, 7, 15, 20])
def test_a_truncated_section_is_noticed(length: int) -> None:
    records = checkpoint()
    records[BANK] = records[BANK][:length]
    with pytest.raises(CorruptCheckpointError, match="'bank'"):
        restore(records)


def test_a_whole_section_of_another_checkpoint_is_noticed() -> None:
    log, _ = log_of([{"bank": b"other rows"}])
    with pytest.raises(CorruptCheckpointError, match="not the one that the manifest names"):
        restore(checkpoint() | {BANK: replay(log)[BANK]})


@pytest.mark.parametrize("manifest", [b"", b"{}", b"[]", b'{"v":1}', b'{"v":1,"next_offset":1,"sections":3}'])
def test_an_unreadable_manifest_is_noticed(manifest: bytes) -> None:
    with pytest.raises(CorruptCheckpointError, match="manifest"):
        restore(checkpoint() | {MANIFEST: manifest})


def test_every_flipped_byte_of_a_manifest_is_noticed() -> None:
    framed = checkpoint()[MANIFEST]
    for place in range(len(framed)):
        damaged = bytearray(framed)
        damaged[place] ^= 0x10
        with pytest.raises(CorruptCheckpointError, match="manifest"):
            restore(checkpoint() | {MANIFEST: bytes(damaged)})


def test_a_manifest_names_the_topic_whose_offset_it_is() -> None:
    written = encode_manifest(Manifest(7, 1, {}, "1-a", topic_id="abc"))
    assert decode_manifest(written).topic_id == "abc"
    before = orjson.dumps({"v": 2, "next_offset": 7, "generation": 1, "writer": "1-a", "sections": {}})
    assert decode_manifest(framed(MANIFEST_KIND, before, 1, 7)).topic_id == ""
    plan = new_book().plan({"head": b"x"}, 7, "abc")
    assert plan is not None
    restored = restore(replay(writes_of(plan)))
    assert restored is not None
    assert restored.manifest.topic_id == "abc"


def test_a_manifest_of_a_later_release_is_refused() -> None:
    with pytest.raises(CorruptCheckpointError, match="version 3"):
        restore({b"m": b'{"v":3}'})


def test_all_damage_is_found_and_the_rest_is_kept() -> None:
    found = find(checkpoint() | {BANK: b"!"})
    assert [damage.section for damage in found.damage] == ["bank"]
    assert found.sections == {"names": b"cpu"}


# Written by the release before: `s/<name>/<buffer>` and `m`, the manifest without a frame.
VERSION_1 = {
    b"s/a/0/0": b"FSKC\x01zl\x86\xf1\x00\x00\x00\x03one",
    b"s/a/0/1": b"FSKC\x01F\xc5\xd8\xf5\x00\x00\x00\x05three",
    b"s/b/0": b"FSKC\x01\x11\xca\x8af\x00\x00\x00\x03two",
    b"m": b'{"v":1,"next_offset":7,"generation":4,"sections":{'
    b'"a/0":{"buffer":1,"crc32":1187371253,"bytes":5},"b":{"buffer":0,"crc32":298486374,"bytes":3}}}',
}


def test_what_the_release_before_wrote_is_read() -> None:
    restored = restore(VERSION_1)
    assert restored is not None
    assert (restored.manifest.next_offset, restored.manifest.generation) == (7, 4)
    assert restored.sections == {"a/0": b"three", "b": b"two"}


def test_what_the_release_before_wrote_is_written_anew_for_it_may_overwrite_its_own() -> None:
    plan = plan_of(CheckpointBook(find(VERSION_1), FIRST), {"a/0": b"three", "b": b"two"}, 7)
    assert [write.key for write in plan.sections] == [b"s/a/0/1-aa/0", b"s/b/1-aa/0"]
    assert {write.key for write in plan.tombstones} == set(VERSION_1)


@pytest.mark.parametrize("key", [b"s/b/0", b"s/a/0/1"])
def test_damage_to_what_the_release_before_wrote_is_noticed(key: bytes) -> None:
    for place in range(len(VERSION_1[key])):
        damaged = bytearray(VERSION_1[key])
        damaged[place] ^= 0x10
        with pytest.raises(CorruptCheckpointError, match="section"):
            restore(VERSION_1 | {key: bytes(damaged)})
