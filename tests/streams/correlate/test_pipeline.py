"""Incidents follow from what the samples partitions say, not from how it interleaves, is batched, or comes twice."""

from collections.abc import Sequence
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.incidents.alert_budget import CELLS
from streams.checkpoint import StateMismatchError
from streams.correlate.pipeline import CorrelatePipeline
from streams.correlate.sections import FORMAT_VERSION, FORMER_VERSION
from streams.items import dump_items, load_items
from streams.records import InputRecord, OutputRecord
from tests.streams.correlate.made import BEGIN, STRUCK, Samples, config, decoded, names, notice

PARTITIONS = 3
MINUTES = 90
HOSTS = [f"h{number}" for number in range(9)]
CONFIG = config(PARTITIONS, agree=1, flood=2, life="20m", dependencies=[("h0", "h3"), ("h4", "h7")])


@cache
def spoken() -> list[list[bytes]]:
    """What three samples partitions say: late rows, jumps of time, silence, notices and a few incidents."""
    random = Random(4)
    partitions = [Samples(number) for number in range(PARTITIONS)]
    struck = {minute: random.sample(HOSTS, random.choice([1, 2, 4])) for minute in range(35, MINUTES, 6)}
    for minute in range(MINUTES):
        for number, samples in enumerate(partitions):
            if 54 <= minute < 70:  # for a while nobody has anything to say but the time, in jumps
                if random.random() < 0.3:
                    samples.say(minute + 1)
                continue
            if random.random() < 0.15:
                continue  # says nothing this minute; what it has to say comes later, or never
            rows, notices = [], []
            for host in HOSTS[number::PARTITIONS]:
                late = random.choice([0, 0, 0, 1, 5, -1])
                far = random.choice([0, 2, 5]) + STRUCK * any(host in struck.get(minute - ago, ()) for ago in range(3))
                rows += [(minute - late, host, metric, far if metric == "cpu" else 1) for metric in ("cpu", "mem")]
                if random.random() < 0.02:
                    notices.append(notice(host, minute - late, predicted=random.random() < 0.5))
            samples.say(random.choice([None, minute, minute + 1, minute + 1]), rows, notices)
    for samples in partitions:
        samples.say(MINUTES + 60)
    return [samples.records for samples in partitions]


def log_of(order: Sequence[int]) -> list[InputRecord]:
    """The partitions' records: in place n the next of partition `order[n]`, and what is left after them."""
    left = [list(records) for records in spoken()]
    values = [left[number].pop(0) for number in order if left[number]]
    values += [value for records in left for value in records]
    return [InputRecord(offset, value) for offset, value in enumerate(values)]


def round_robin() -> list[InputRecord]:
    return log_of([number for _ in range(2 * MINUTES) for number in range(PARTITIONS)])


@cache
def expected() -> list[OutputRecord]:
    return CorrelatePipeline(CONFIG).step(round_robin())


def test_there_is_something_to_compare() -> None:
    records = decoded(expected())
    assert {record["reason"] for record in records} >= {"opened", "member", "quiet", "too_long"}
    assert len({record["id"] for record in records}) > 3
    assert any(member["predicted"] for record in records for member in record["members"])


@settings(max_examples=25, deadline=None)
@given(order=st.lists(st.integers(0, PARTITIONS - 1), max_size=3 * MINUTES))
def test_the_interleaving_of_the_partitions_makes_no_difference(order: list[int]) -> None:
    assert CorrelatePipeline(CONFIG).step(log_of(order)) == expected()


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_batches_and_restarts_make_no_difference(data: st.DataObject) -> None:
    """At any record the state may be dumped and loaded; what comes after is the same, and so is the next dump."""
    log, pipeline, published = round_robin(), CorrelatePipeline(CONFIG), []
    while log:
        size = data.draw(st.integers(1, 60))
        published += pipeline.step(log[:size])
        log = log[size:]
        sections, pipeline = pipeline.dump(), CorrelatePipeline(CONFIG)
        pipeline.load(sections)
        assert pipeline.dump() == sections
    assert published == expected()


@settings(max_examples=10, deadline=None)
@given(back=st.lists(st.tuples(st.integers(0, 150), st.integers(1, 40)), max_size=4))
def test_records_that_come_again_are_passed_over(back: list[tuple[int, int]]) -> None:
    """A forecast worker that comes back after a crash writes what it had written since its checkpoint again."""
    values = [record.value for record in round_robin()]
    for at, length in sorted(back, reverse=True):
        values[at:at] = values[max(0, at - length) : at]
    pipeline = CorrelatePipeline(CONFIG)
    assert pipeline.step([InputRecord(offset, value) for offset, value in enumerate(values)]) == expected()


def test_nothing_is_gone_through_before_all_partitions_have_said_their_time() -> None:
    two = [Samples(0), Samples(1)]
    pipeline = CorrelatePipeline(config(2))
    for minute in range(40):
        rows = [(minute, "h1", "cpu", 2)]
        assert pipeline.step([InputRecord(minute, two[0].say(minute + 1, rows))]) == []
    pipeline.step([InputRecord(40, two[0].say(41, [(40, "h1", "cpu", STRUCK)]))])
    told = decoded(pipeline.step([InputRecord(41, two[1].say(41))]))
    assert [(record["reason"], names(record)) for record in told] == [("opened", ["h1"])]


def test_what_is_no_record_of_signals_is_rejected_and_stops_nothing() -> None:
    pipeline = CorrelatePipeline(config())
    [reject] = pipeline.step([InputRecord(0, b"{"), InputRecord(1, None), InputRecord(2, Samples().say(1))])
    assert (reject.topic, reject.key) == ("foreshock.rejects", b"foreshock.signals/0/0/-1")
    assert pipeline.next_offset == 3
    assert pipeline.figures().rejects.total() == 1
    assert pipeline.figures().event_time_ms == (BEGIN + 1) * 60_000


def test_scopes_do_not_see_each_other() -> None:
    """The same hosts in two clusters: only in one of them is one of them struck."""
    pipeline, samples = CorrelatePipeline(config()), Samples()
    told = []
    for minute in range(42):
        for scope in ("{c='a'}", "{c='b'}"):
            far = STRUCK if minute > 40 and scope == "{c='a'}" else 1
            record = samples.say(None, [(minute, "h1", "cpu", far)], scope=scope)
            pipeline.step([InputRecord(samples.position, record)])
        told += decoded(pipeline.step([InputRecord(samples.position, samples.say(minute + 1))]))
    assert [(record["scope"], names(record)) for record in told] == [("{c='a'}", ["h1"])]


def test_state_of_the_former_format_is_read() -> None:
    """Its budget is of minutes: four of them are one opening."""
    pipeline = CorrelatePipeline(CONFIG)
    pipeline.step(round_robin()[:60])
    sections = pipeline.dump()
    scopes = load_items("scopes", sections)
    for fields in scopes:
        del fields["openings"]
        fields["counts"] = [8.0] + [0.0] * (CELLS - 1)
    sections |= dump_items("scopes", scopes)
    sections["head"] = sections["head"].replace(b'{"v":%d,' % FORMAT_VERSION, b'{"v":%d,' % FORMER_VERSION)
    former = CorrelatePipeline(CONFIG)
    former.load(sections)
    [openings] = [triage.openings for triage in former.state.triages.values()]
    assert (openings.counts[:2].tolist(), openings.minutes, openings.recent) == ([2.0, 0.0], 8.0, [])
    assert former.step(round_robin()[60:])


def test_state_of_another_format_or_of_other_partitions_is_refused() -> None:
    sections = CorrelatePipeline(config(2)).dump()
    with pytest.raises(StateMismatchError, match="2 samples partitions, the settings say 3"):
        CorrelatePipeline(config(3)).load(sections)
    other = sections["head"].replace(b'{"v":%d,' % FORMAT_VERSION, b'{"v":99,')
    with pytest.raises(StateMismatchError, match="format 99"):
        CorrelatePipeline(config(2)).load(sections | {"head": other})


def test_the_state_is_bytes_in_sections_that_one_record_holds() -> None:
    pipeline = CorrelatePipeline(CONFIG)
    pipeline.step(round_robin()[:100])
    sections = pipeline.dump()
    assert {name.partition("/")[0] for name in sections} == {
        *("head", "entities", "scores", "metrics", "waiting", "scopes", "leads"),
    }
    assert not pipeline.can_mend(["waiting/00000"])
