"""Hazards in the pipeline: entities are judged when their samples are there."""

from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.failure.calibration import BINS, FleetCounts
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import OutputRecord
from streams.settings.hazards import CountsFile, HazardRule
from tests.streams.pipeline import logs
from tests.streams.pipeline.logs import MINUTE_MS, T_MS, Log, by_key, event, fed, records, rows, run, said, state, tick
from tests.streams.pipeline.worn import DAILY, DAY, WEAR, daily, day_by_day, hazards, incident


def test_an_entity_is_judged_once_a_round_with_all_its_samples() -> None:
    log = rows(
        [
            ('slow{host="a"}', 0, 0.0),
            ('bad{host="a"}', 0, 9.0),
            *[(s, DAY, 9.0) for s in ('slow{host="a"}', 'bad{host="a"}')],
        ]
    )
    first, second = hazards(run(daily(), log))
    # The first round is over with the second one's first sample; the second one with its own last.
    assert (first["last_sample_at_ms"], second["last_sample_at_ms"]) == (T_MS, T_MS + DAY * MINUTE_MS)
    # log(1 + 9), and in the second also 0.5 for a value above zero.
    assert first["score"] == pytest.approx(np.log(10))
    assert second["score"] == pytest.approx(np.log(10) + 0.5)
    assert first["entity"] == '{host="a"}'
    assert first["labels"] == {"host": "a"}


def test_series_whose_steps_close_together_make_one_round() -> None:
    """Of an aggregated source all series of an entity come at one instant."""
    log = [item for day in range(9) for item in (*day_by_day(9, bad=9.0)[2 * day : 2 * day + 2], tick(DAY * (day + 1)))]
    plain, aggregated = (
        hazards(run(logs.pipeline(sources=[DAILY | {"aggregate": aggregate}], hazards=[WEAR]), log))
        for aggregate in (None, "last")
    )
    assert aggregated == plain
    assert len(plain) == 9


def test_before_anything_is_counted_it_is_honest_and_flags_nothing() -> None:
    record = hazards(run(daily(), day_by_day(3, bad=9.0)))[-1]
    # Odds 0.001/0.999 x e^2.25, the middle of scores from 2 to 2.5.
    assert record["probability"] == pytest.approx(0.0094, rel=0.01)
    assert (record["is_prior"], record["calibration"]) == (True, None)
    assert (record["flagged"], record["threshold"], record["flagged_since_ms"]) == (None, None, None)


def test_drivers_are_named_in_plain_words_the_strongest_first() -> None:
    hazard = WEAR | {"signs": [{"metric": "bad", "sign": "rise", "weight": 3}, *WEAR["signs"]]}
    counts = [0, 0, 2, 2, 5, 5]
    log = rows(
        [
            (f'{m}{{host="a"}}', DAY * day, bad if m == "bad" else 1.0)
            for day, bad in enumerate(counts)
            for m in ("bad", "slow")
        ]
    )
    drivers = hazards(run(daily(hazard), log))[-1]["drivers"]
    assert [driver["text"] for driver in drivers] == [
        "bad grew by 5 in 4 days",
        "bad is at 5",
        "slow is at 1, above zero",
    ]
    assert drivers[0]["series"] == 'bad{host="a"}'
    shares = [driver["share"] for driver in drivers]
    assert shares == sorted(shares, reverse=True)


def test_a_healthy_entity_has_no_drivers() -> None:
    assert hazards(run(daily(), day_by_day(3)))[-1]["drivers"] == []


def test_without_an_incident_a_miss_is_certain_a_day_after_the_horizon() -> None:
    # The look of day 0 is a miss once day 8 is there; rounds are judged as their last sample comes.
    settled = [record["looks_settled"] for record in hazards(run(daily(), day_by_day(12)))]
    assert settled == [0] * 8 + [1, 2, 3, 4]


def counted(hazard: dict[str, Any]) -> CountsFile:
    looks, hits = np.zeros(BINS, np.int64), np.zeros(BINS, np.int64)
    looks[0], hits[0], looks[5], hits[5] = 9_000, 9, 1_000, 200
    counts = FleetCounts(looks, hits, np.linspace(0.0, 2.0, 201))
    return CountsFile("hazards.json", "fleet-1", HazardRule.model_validate(hazard).mark, counts)


def test_a_calibration_makes_probabilities_and_flags_within_the_budget() -> None:
    hazard = WEAR | {"flag_budget": 0.05}
    hazard |= {"calibration": counted(hazard)}
    healthy, worn = (hazards(run(daily(hazard), day_by_day(4, bad=bad)))[-1] for bad in (0.0, 9.0))
    assert (healthy["is_prior"], healthy["calibration"]) == (False, "fleet-1")
    assert healthy["probability"] == pytest.approx(0.001, rel=0.2)
    # Scores from 2 to 2.5, of which a fifth failed; a twentieth of the fleet lies above 1.9.
    assert worn["probability"] == pytest.approx(0.2, rel=0.05)
    assert (healthy["threshold"], healthy["flagged"], worn["flagged"]) == (pytest.approx(1.9), False, True)
    assert worn["flagged_since_ms"] == T_MS


def test_members_that_leave_take_the_entity_with_them_and_end_its_key() -> None:
    given = logs.pipeline(hazards=[WEAR | {"every": "1m"}], limits={"series_per_partition": 2, "evict_after": "5m"})
    log: Log = [*rows([(f'{m}{{host="a"}}', minute, 1.0) for minute in range(3) for m in ("bad", "slow")]), tick(60)]
    outputs = run(given, [*log, *rows([('bad{host="b"}', 60, 1.0)], first_offset=100)])
    ended = [record for record in outputs if record.value is None and record.key.startswith(b"hazard")]
    assert [record.key for record in ended] == [b'hazard|{host="a"}|wear', b'hazard_quality|{host="a"}|wear']
    assert [owner for owner in given.state.hazards.members.owners if owner] == [('{host="b"}', 0)]


def busy_log(seed: int) -> Log:
    """Hosts whose series report in any order, with losses, and incidents now and then."""
    random = Random(seed)
    found: list[Any] = []
    samples = []
    for minute in range(25):
        for name in random.sample([f'{m}{{host="{h}"}}' for m in ("bad", "slow", "other") for h in "abc"], k=8):
            samples.append((name, minute, float(random.choice([0, 0, 1, 5]))))
    for row in rows(samples):
        found.append(row)
        if random.random() < 0.04:
            at = (row.timestamp_ms - T_MS) / MINUTE_MS
            found.append(event(at - 2, at + 1, len(found), id=f"I{len(found)}", labels={"host": random.choice("abc")}))
    return found


BUSY = PipelineConfig.from_settings(
    logs.settings(
        hazards=[
            WEAR | {"every": "2m", "within": "10m"},
            WEAR
            | {
                "name": "odd",
                "every": "1m",
                "within": "5m",
                "signs": [{"metric": "*", "sign": "surprise", "weight": 1}],
            },
        ],
        limits={"series_per_partition": 12},
    )
)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 2**32), st.floats(0, 1))
def test_batches_and_crashes_make_no_difference(seed: int, cut_seed: int, share: float) -> None:
    log, random = busy_log(seed), Random(cut_seed)
    cuts = {place for place in range(len(log)) if random.random() < share}
    whole, cut = PartitionPipeline(BUSY), PartitionPipeline(BUSY)
    expected = by_key(fed(whole, records(log), []))
    inputs = records(log, cuts)
    half = random.randrange(len(inputs))
    got = fed(cut, inputs[:half], [1] * random.randrange(40))
    again = PartitionPipeline(BUSY)
    again.load(cut.dump())
    assert again.dump() == cut.dump()
    assert by_key([*got, *fed(again, inputs[half:], [1] * random.randrange(40))]) == expected
    assert state(again) == state(whole)
    assert any(key.startswith(b"hazard") for _, key in expected)


def test_a_hazard_that_is_changed_begins_anew_and_recalibrating_does_not() -> None:
    old = daily()
    run(old, day_by_day(4))
    recalibrated, changed = daily(WEAR | {"prior": 0.01, "flag_budget": 0.1}), daily(WEAR | {"within": "3d"})
    for after in (recalibrated, changed):
        after.load(old.dump())
    assert recalibrated.state.hazards.entities.arrays["look_pending"][0] == 4
    assert changed.state.hazards.entities.arrays["look_pending"][0] == 0


def test_what_entities_add_up_to_is_what_a_calibration_is_made_of() -> None:
    given = daily()
    run(given, [*day_by_day(5, "abc"), incident(4)])
    entities, counts = given.state.hazards.counted(0)
    assert entities == 3
    assert (counts.hits.sum(), counts.looks.sum()) == (5, 5)
    assert counts.maxima.tolist() == [0.0] * 2001


def fared(outputs: Sequence[OutputRecord]) -> list[dict[str, Any]]:
    return [each for each in said(outputs, "foreshock.quality") if each and each["kind"] == "hazard_quality"]


def test_how_predictions_fared_is_told_with_every_look_and_with_the_failure() -> None:
    outputs = fared(run(daily(), [*day_by_day(5), incident(4)]))
    # A look a day, then the failure: `failures_seen` tells the last two apart.
    assert [(record["looks_settled"], record["failures_seen"]) for record in outputs] == [(0, 0)] * 5 + [(5, 1)]
    last = outputs[-1]
    assert (last["bin_looks"], last["bin_hits"]) == ([5] + [0] * 9, [5] + [0] * 9)
    assert last["brier"] == pytest.approx(0.999**2)
    assert (last["score_looks"], last["score_hits"]) == ([5] + [0] * (BINS - 1), [5] + [0] * (BINS - 1))
    # No warning came before it, for without a calibration there is none.
    assert (last["flags"], last["precision"], last["recall"], last["lead_p50_ms"]) == (0, None, 0.0, None)
    # Every day is rarer than every 16 hours.
    assert last["expires_at_ms"] - last["origin_ms"] == 2 * DAY * MINUTE_MS


def test_between_two_looks_nothing_new_is_told_of_how_predictions_fared() -> None:
    hourly = logs.pipeline(sources=[DAILY | {"step": "1h"}], hazards=[WEAR | {"every": "1h"}])
    log = rows([(f'{metric}{{host="a"}}', 60 * hour, 0.0) for hour in range(33) for metric in ("bad", "slow")])
    outputs = run(hourly, log)
    # A round is the second member's sample; of the first it is not known who will come.
    assert len(hazards(outputs)) > 25
    first_ms = fared(outputs)[0]["origin_ms"]
    assert [(record["origin_ms"] - first_ms) // (60 * MINUTE_MS) for record in fared(outputs)] == [0, 16, 32]


def test_a_flag_before_a_failure_has_its_lead() -> None:
    hazard = WEAR | {"flag_budget": 0.05}
    outputs = fared(run(daily(hazard | {"calibration": counted(hazard)}), [*day_by_day(5, bad=9.0), incident(4)]))
    last = outputs[-1]
    assert (last["flags"], last["flags_right"], last["precision"], last["recall"]) == (1, 1, 1.0, 1.0)
    # Four days, counted among leads of 2.8 to 11 days.
    assert last["leads"] == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0]
    # log(1 + 9), at scale 1.
    assert (last["calibration"], last["score_max"]) == ("fleet-1", pytest.approx(np.log(10.0)))


def test_what_is_published_of_entities_adds_up_to_what_a_calibration_is_made_of() -> None:
    given = daily()
    outputs = fared(run(given, [*day_by_day(12, "abc"), incident(4)]))
    newest = {record["entity"]: record for record in outputs}.values()
    counts = given.state.hazards.counted(0)[1]
    assert np.sum([record["score_looks"] for record in newest], axis=0).tolist() == counts.looks.tolist()
    assert np.sum([record["score_hits"] for record in newest], axis=0).tolist() == counts.hits.tolist()


def test_members_share_the_order_of_their_rows_whatever_numbers_they_have() -> None:
    """A newcomer may have the number of one that has left, and so the lowest of its entity's."""
    given = logs.pipeline(hazards=[WEAR], limits={"series_per_partition": 3, "evict_after": "5m"})
    early = rows([(f'{name}{{host="{host}"}}', 0, 1.0) for host, name in (("a", "bad"), ("b", "bad"))])
    late = rows([('bad{host="b"}', 9, 1.0), ('other{host="b"}', 9, 1.0)], first_offset=10)
    run(given, [*early, *late, tick(9), *rows([('slow{host="b"}', 9, 1.0)], first_offset=20)])
    group, slots = given.state.grid["group"], given.state.catalog.slots
    assert slots['slow{host="b"}'] == 0
    assert group[slots['slow{host="b"}']] == group[slots['bad{host="b"}']]
    assert group[slots['other{host="b"}']] != group[slots['bad{host="b"}']]


def test_an_absurd_first_timestamp_does_not_stop_the_entity_for_ever() -> None:
    given = logs.pipeline(hazards=[WEAR | {"every": "1m"}], limits={"jump_steps": 20})
    usual = [(f'{name}{{host="a"}}', minute, 1.0) for minute in range(12) for name in ("bad", "slow")]
    outputs = run(given, rows([('bad{host="a"}', 10**6, 1.0), *usual]))
    assert hazards(outputs)[-1]["last_sample_at_ms"] == T_MS + 11 * MINUTE_MS
