"""The ingest step as a whole: records in, blocks and rejects out."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.blocks import SampleBlock, decode_block
from streams.ingest.ingest import Ingest
from streams.ingest.refusals import LISTED_PER_MESSAGE_MAX
from streams.ingest.watermark import CONFIRMATIONS, JUMP_MS, TICK_INTERVAL_MS
from streams.records import InputRecord, OutputRecord
from streams.rejects import RejectReason
from streams.series import labels_text, partition_of
from streams.settings.model import Settings
from tests.streams.codecs.samples import adapter, native

T_MS = 1_700_000_000_000
PARTITIONS = 4
SETTINGS = Settings.model_validate(
    {
        "topics": {"partitions": PARTITIONS},
        "sources": [{"topic": "telemetry", "entity": ["host"]}, {"topic": "other", "codec": "json", "entity": ["pod"]}],
        "limits": {"message_bytes": 4096, "rows_per_message": 200, "labels_per_series": 3, "name_bytes": 100},
    }
)


class Outcome(NamedTuple):
    """What steps gave: rows and ticks of each samples partition in order, and the rejects."""

    rows: dict[int, list[tuple[Any, ...]]]
    ticks: dict[int, list[int]]
    rejects: list[tuple[bytes, Any]]


def messages(documents: Sequence[object], first_offset: int = 0) -> list[InputRecord]:
    payloads = [item if isinstance(item, bytes | None) else orjson.dumps(item) for item in documents]
    return [InputRecord(first_offset + place, payload) for place, payload in enumerate(payloads)]


def blocks(outputs: Sequence[OutputRecord]) -> list[tuple[int, SampleBlock]]:
    taken = []
    for record in outputs:
        if record.topic == "foreshock.samples":
            assert record.partition is not None
            taken.append((record.partition, decode_block(record.value or b"")))
    return taken


def outcome(outputs: Sequence[OutputRecord]) -> Outcome:
    rows: dict[int, list[tuple[Any, ...]]] = {}
    ticks: dict[int, list[int]] = {}
    for partition, block in blocks(outputs):
        for index, *cells in zip(
            block.index.tolist(), block.offset, block.row, block.timestamp_ms, block.value, strict=True
        ):
            rows.setdefault(partition, []).append((block.series[index], block.entity[index], *cells))
        if block.watermark_ms is not None:
            ticks.setdefault(partition, []).append(block.watermark_ms)
    rejects = [(r.key, orjson.loads(r.value or b"")) for r in outputs if r.topic == "foreshock.rejects"]
    return Outcome(rows, ticks, rejects)


def ingested(documents: Sequence[object], topic: str = "telemetry") -> Outcome:
    return outcome(Ingest(SETTINGS).step(topic, 0, messages(documents)))


def reasons(told: Outcome) -> list[tuple[bytes, str]]:
    return [(key, record["reason"]) for key, record in told.rejects]


def host(number: int, **changes: Any) -> dict[str, Any]:
    return native(labels={"host": f"h{number}"}, **changes)


def test_rows_go_to_the_partition_of_their_entity_in_source_order() -> None:
    documents = [host(place % 7, value=float(place)) for place in range(50)]
    told = ingested(documents)
    for partition, rows in told.rows.items():
        assert all(partition_of(entity, PARTITIONS) == partition for _, entity, *_ in rows)
        assert [offset for _, _, offset, *_ in rows] == sorted(offset for _, _, offset, *_ in rows)
    taken = sorted((offset, name, value) for rows in told.rows.values() for name, _, offset, _, _, value in rows)
    assert taken == [(place, f'cpu{{host="h{place % 7}"}}', float(place)) for place in range(50)]
    assert told.rejects == []


def test_the_record_of_a_block() -> None:
    (record,) = Ingest(SETTINGS).step("telemetry", 3, messages([host(1)], first_offset=17))
    partition = partition_of(labels_text((("host", "h1"),)), PARTITIONS)
    assert record[:3] == ("foreshock.samples", partition, b"telemetry/3")
    assert dict(record.headers)["ce_type"] == b"dev.foreshock.samples.v1"
    block = decode_block(record.value or b"")
    assert (block.source_topic, block.source_partition, block.watermark_ms) == ("telemetry", 3, None)


def test_every_source_has_its_own_entity_labels() -> None:
    document = native(labels={"host": "a", "pod": "p"})
    entities = [
        {entity for rows in ingested([document], topic).rows.values() for _, entity, *_ in rows}
        for topic in ("telemetry", "other")
    ]
    assert entities == [{'{host="a"}'}, {'{pod="p"}'}]


@pytest.mark.parametrize(
    ("document", "row", "reason"),
    [
        (None, -1, "empty_message"),
        (b"", -1, "empty_message"),
        (b"x", -1, "malformed"),
        (b"{}", -1, "unknown_format"),
        (b" " * 4097, -1, "message_too_large"),
        (native(value=[1.0] * 201), -1, "too_many_rows"),
        (native(value=None), 0, "missing_field"),
        (native(value="1"), 0, "wrong_type"),
        (native(value=1.1e18), 0, "value_out_of_range"),
        (native(value=-1.1e18), 0, "value_out_of_range"),
        (native(timestamp="1999-12-31T23:59:59Z"), 0, "timestamp_out_of_range"),
        (native(timestamp="2100-01-01T00:00:00.001Z"), 0, "timestamp_out_of_range"),
        (native(timestamp=1e300), 0, "timestamp_out_of_range"),
        (native(timestamp=-(2**63)), 0, "timestamp_out_of_range"),
        (native(metric=""), 0, "bad_name"),
        (native(metric="a\x00"), 0, "bad_name"),
        (native(labels={"a": "", "b": "", "c": "", "d": ""}), 0, "too_many_labels"),
        (native(metric="x" * 100), 0, "name_too_long"),
        (adapter(value="NaN"), 0, "not_finite"),
        (adapter(value="+Inf"), 0, "not_finite"),
        (adapter(value="-Inf"), 0, "not_finite"),
    ],
)
def test_bad_input_is_refused_alone_with_its_reason_and_place(document: object, row: int, reason: str) -> None:
    told = ingested([host(1), document, host(2)])
    assert reasons(told) == [(f"telemetry/0/1/{row}".encode(), reason)]
    assert told.rejects[0][1]["source"] == {"topic": "telemetry", "partition": 0, "offset": 1, "row": row}
    assert told.rows == ingested([host(1), b"x", host(2)]).rows
    assert sum(map(len, told.rows.values())) == 2


@pytest.mark.parametrize(
    "document",
    [
        native(value=1e18),
        native(value=-1e18),
        native(timestamp="2000-01-01T00:00:00Z"),
        native(timestamp="2100-01-01T00:00:00Z"),
        native(metric="x" * 90),
        orjson.dumps(native()).ljust(4096),
        native(value=[1.0] * 200),
        native(labels={"a": "", "b": "", "c": ""}),
    ],
)
def test_what_lies_on_a_limit_is_taken(document: object) -> None:
    assert ingested([document]).rejects == []


def test_a_reject_tells_what_is_known() -> None:
    told = ingested([adapter(value="NaN"), b"\xffx", native(value=2e18)])
    nan, malformed, large = [record for _, record in told.rejects]
    assert (nan["series"], nan["timestamp_ms"], nan["value"]) == ('up{host="a"}', T_MS, "NaN")
    assert "staleness" in nan["detail"]
    assert (malformed["series"], malformed["excerpt"]) == (None, "\ufffdx")
    assert (large["value"], large["excerpt"]) == (2e18, None)


def test_totals() -> None:
    ingest = Ingest(SETTINGS)
    ingest.step("telemetry", 0, messages([host(1), b"x", native(value=[1, None, 2])]))
    ingest.step("telemetry", 1, messages([b"y"]))
    assert ingest.samples == 3
    assert ingest.counts == {RejectReason.MALFORMED: 2, RejectReason.MISSING_FIELD: 1}


def test_a_flood_of_bad_rows_is_told_in_few_records_that_count_them_all() -> None:
    cells = [None] * 50 + ["x"] * 30 + [1.0]
    ingest = Ingest(SETTINGS)
    told = outcome(ingest.step("telemetry", 0, messages([native(value=cells)])))
    listed = LISTED_PER_MESSAGE_MAX
    assert len(told.rejects) == listed + 2
    assert [(r["source"]["row"], r["reason"], r["rows"]) for _, r in told.rejects[listed:]] == [
        (listed, "missing_field", 50 - listed),
        (50, "wrong_type", 30),
    ]
    assert sum(record["rows"] for _, record in told.rejects) == 80
    assert ingest.counts.total() == 80
    assert sum(map(len, told.rows.values())) == 1


def test_a_tick_goes_to_every_partition_with_its_last_block_or_alone() -> None:
    ingest = Ingest(SETTINGS)
    told = outcome(ingest.step("telemetry", 0, messages([host(1, timestamp=T_MS)] * (1 + CONFIRMATIONS))))
    assert told.ticks == {partition: [T_MS] for partition in range(PARTITIONS)}
    assert sum(map(len, told.rows.values())) == 1 + CONFIRMATIONS
    later = T_MS + TICK_INTERVAL_MS
    assert ingest.step("telemetry", 1, []) == []
    assert outcome(ingest.step("telemetry", 0, messages([host(1, timestamp=later - 1)], 10))).ticks == {}
    told = outcome(ingest.step("telemetry", 0, messages([host(1, timestamp=later)], 11)))
    assert told.ticks == {partition: [later] for partition in range(PARTITIONS)}


def test_hostile_timestamps_do_not_move_time() -> None:
    far = T_MS + 50 * JUMP_MS
    hostile = native(metric=["a"] * 100, timestamp=far, value=1.0)
    calm = [host(place % 5, timestamp=T_MS + 1000 * place) for place in range(60)]
    mixed = [document for place, quiet in enumerate(calm) for document in ([quiet, hostile] if place % 3 else [quiet])]
    assert ingested(mixed).ticks == ingested(calm).ticks != {}


def test_large_fetches_are_cut_into_blocks_that_fit_a_record() -> None:
    settings = SETTINGS.model_copy(
        update={"limits": SETTINGS.limits.model_copy(update={"rows_per_message": 10_000, "name_bytes": 1024})}
    )
    quotes = [native(metric='"' * 900 + str(place), labels={"host": "h"}) for place in range(1000)]
    batch = [native(value=[1.0 / 3] * 100) for _ in range(90)]
    outputs = Ingest(settings).step("telemetry", 0, messages([*quotes, *batch]))
    sizes = [len(record.value or b"") for record in outputs]
    assert max(sizes) < 1_000_000
    cut = blocks(outputs)
    assert len(cut) > PARTITIONS
    assert [block.watermark_ms for _, block in cut].count(None) > 0
    places = [place for _, block in cut for place in zip(block.offset.tolist(), block.row.tolist(), strict=True)]
    assert len(set(places)) == len(places) == 1000 + 9000


samples = st.builds(
    native,
    metric=st.sampled_from(["cpu", "memory", "", "a{"]),
    labels=st.sampled_from([{"host": f"h{number}"} for number in range(5)] + [{}, {"pod": "p"}]),
    timestamp=st.integers(T_MS, T_MS + 100_000) | st.sampled_from([0, T_MS * 10**6, T_MS + 90 * JUMP_MS, "now", None]),
    value=st.floats(-1e19, 1e19) | st.sampled_from([None, "1", True]),
)
documents = (
    samples
    | st.lists(samples, max_size=4)
    | st.builds(native, value=st.lists(st.floats(-1e19, 1e19) | st.none(), max_size=4))
    | st.builds(adapter, value=st.sampled_from(["1", "NaN", "x"]))
    | st.binary(max_size=5)
    | st.none()
)


@given(st.lists(documents, max_size=25), st.sets(st.integers(1, 24)))
def test_the_cut_into_steps_changes_nothing_but_blocks(records: list[object], cuts: set[int]) -> None:
    inputs = messages(records, first_offset=5)
    whole_ingest, ingest = Ingest(SETTINGS), Ingest(SETTINGS)
    whole = outcome(whole_ingest.step("telemetry", 0, inputs))
    bounds = [0, *sorted(cut for cut in cuts if cut < len(inputs)), len(inputs)]
    steps = [ingest.step("telemetry", 0, inputs[a:b]) for a, b in pairwise(bounds)]
    parts = outcome([record for outputs in steps for record in outputs])
    assert parts.rows == whole.rows
    assert parts.rejects == whole.rejects
    assert (ingest.samples, ingest.counts) == (whole_ingest.samples, whole_ingest.counts)
    assert {p: ticks[-1] for p, ticks in parts.ticks.items()} == {p: ticks[-1] for p, ticks in whole.ticks.items()}


@given(st.lists(documents, max_size=25))
def test_every_row_is_taken_or_refused_and_comes_in_order(records: list[object]) -> None:
    outputs = Ingest(SETTINGS).step("telemetry", 0, messages(records))
    told = outcome(outputs)
    taken = [row[2:4] for rows in told.rows.values() for row in rows]
    refused = [(record["source"]["offset"], record["source"]["row"]) for _, record in told.rejects]
    assert {offset for offset, _ in taken + refused} == set(range(len(records)))
    assert len(set(taken + refused)) == len(taken) + len(refused)
    assert refused == sorted(refused)
    for rows in told.rows.values():
        assert [row[2:4] for row in rows] == sorted(row[2:4] for row in rows)


def test_the_state_between_steps_is_only_a_cache() -> None:
    records = messages([host(place % 7, value=float(place)) for place in range(40)])
    used = Ingest(SETTINGS)
    used.step("telemetry", 0, messages([host(place) for place in range(100)], first_offset=100))
    fresh = Ingest(SETTINGS).step("telemetry", 1, records)
    assert used.step("telemetry", 1, records) == fresh
