"""Whatever dies and whenever, the last durable state comes back whole, or the loss is named."""

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.checkpoint import (
    MANIFEST_KEY,
    SECTION_BYTES_MAX,
    CheckpointBook,
    CheckpointPlan,
    CorruptCheckpointError,
    Write,
    restore,
)

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


def plan_of(book: CheckpointBook, sections: Mapping[str, bytes], next_offset: int) -> CheckpointPlan:
    plan = book.plan(sections, next_offset, generation=1)
    assert plan is not None
    return plan


def writes_of(plan: CheckpointPlan) -> list[Write]:
    return [*plan.sections, plan.manifest, *plan.tombstones]


def log_of(history: States) -> tuple[list[Write], dict[int, int]]:
    """All writes of the checkpoints in order, and for each number of durable writes the last state that is durable."""
    book, log, durable_after = CheckpointBook(), [], {0: -1}
    for number, sections in enumerate(history):
        plan = plan_of(book, sections, next_offset=number)
        for write in writes_of(plan):
            log.append(write)
            durable_after[len(log)] = number if write.key == MANIFEST_KEY else durable_after[len(log) - 1]
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
    book = CheckpointBook(restored)
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
    book, log = CheckpointBook(), list[Write]()
    for number, sections in enumerate(history):
        plan = plan_of(book, sections, next_offset=number)
        log += [*reversed(plan.sections), plan.manifest, *reversed(plan.tombstones)]
        book.confirm(plan)
        restored = restore(replay(log))
        assert restored is not None
        assert restored.sections == sections


def test_only_changed_sections_are_written() -> None:
    book = CheckpointBook()
    book.confirm(plan_of(book, {"a": b"1", "b": b"1"}, 1))
    plan = plan_of(book, {"a": b"1", "b": b"2"}, 2)
    assert [write.key for write in plan.sections] == [b"s/b/1"]
    assert plan.tombstones == []


def test_an_unchanged_state_needs_no_checkpoint() -> None:
    book = CheckpointBook()
    book.confirm(plan_of(book, {"a": b"1"}, 1))
    assert book.plan({"a": b"1"}, 1, generation=2) is None
    assert book.plan({"a": b"1"}, 2, generation=2) is not None


def test_a_restored_book_knows_what_is_unchanged() -> None:
    log, _ = log_of([{"a": b"1", "b": b"1"}])
    plan = plan_of(CheckpointBook(restore(replay(log))), {"a": b"1", "b": b"2"}, 9)
    assert [write.key for write in plan.sections] == [b"s/b/1"]


def test_sections_that_are_gone_get_tombstones_in_both_buffers() -> None:
    book = CheckpointBook()
    book.confirm(plan_of(book, {"a": b"1"}, 1))
    assert plan_of(book, {}, 2).tombstones == [Write(b"s/a/0", None), Write(b"s/a/1", None)]


def test_an_unconfirmed_checkpoint_forbids_another() -> None:
    book = CheckpointBook()
    book.plan({"a": b"1"}, 1, generation=1)
    with pytest.raises(RuntimeError, match="not confirmed"):
        book.plan({"a": b"2"}, 2, generation=1)


def test_a_section_too_large_for_a_record_is_refused() -> None:
    with pytest.raises(ValueError, match="more than"):
        CheckpointBook().plan({"a": bytes(SECTION_BYTES_MAX + 1)}, 1, generation=1)


def checkpoint() -> dict[bytes, bytes]:
    log, _ = log_of([{"bank": b"rows of the bank", "names": b"cpu"}])
    return replay(log)


def test_a_missing_section_is_named() -> None:
    records = checkpoint()
    del records[b"s/bank/0"]
    with pytest.raises(CorruptCheckpointError, match=r"'bank' \(buffer 0\): is named by the manifest and missing"):
        restore(records)


def test_every_flipped_byte_of_a_section_is_noticed() -> None:
    framed = checkpoint()[b"s/bank/0"]
    for place in range(len(framed)):
        damaged = bytearray(framed)
        damaged[place] ^= 0x10
        with pytest.raises(CorruptCheckpointError, match="'bank'"):
            restore(checkpoint() | {b"s/bank/0": bytes(damaged)})


@pytest.mark.parametrize("length", [0, 7, 15, 20])
def test_a_truncated_section_is_noticed(length: int) -> None:
    records = checkpoint()
    records[b"s/bank/0"] = records[b"s/bank/0"][:length]
    with pytest.raises(CorruptCheckpointError, match="'bank'"):
        restore(records)


def test_a_whole_section_of_another_checkpoint_is_noticed() -> None:
    log, _ = log_of([{"bank": b"other rows"}])
    with pytest.raises(CorruptCheckpointError, match="not the one that the manifest names"):
        restore(checkpoint() | {b"s/bank/0": replay(log)[b"s/bank/0"]})


@pytest.mark.parametrize("manifest", [b"", b"{}", b"[]", b'{"v":1}', b'{"v":1,"next_offset":1,"sections":3}'])
def test_an_unreadable_manifest_is_noticed(manifest: bytes) -> None:
    with pytest.raises(CorruptCheckpointError, match="manifest"):
        restore(checkpoint() | {MANIFEST_KEY: manifest})


def test_a_manifest_of_a_later_release_is_refused() -> None:
    with pytest.raises(CorruptCheckpointError, match="version 2"):
        restore({MANIFEST_KEY: b'{"v":2}'})
