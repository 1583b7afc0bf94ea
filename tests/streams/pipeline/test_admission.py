"""Which samples are learned from: reasons of refusal, first samples, jumps."""

import pytest

from tests.streams.pipeline.logs import MINUTE_MS, pipeline, rejects, rows, run, said

JUMP_STEPS = 10
MATURE = [0, 1, 2, 3]
"""A series of four samples believes its own time."""

INFERRED = {"sources": [{"topic": "telemetry", "entity": ["host"]}]}


def outcome(minutes: list[float], **sections: object) -> tuple[list[tuple[int, str]], int, int]:
    """The rejects of a series' samples at these minutes by place; samples accepted; rows still waiting."""
    limited = pipeline(limits={"jump_steps": JUMP_STEPS}, **sections)
    outputs = run(limited, rows([("cpu", minute, float(place)) for place, minute in enumerate(minutes)]))
    waiting = sum([len(held) for held in limited.state.admission.waiting.values()])
    return rejects(outputs), limited.samples_accepted, waiting


@pytest.mark.parametrize(
    ("minutes", "refused", "waiting"),
    [
        ([], [], 0),
        ([0, 1, 2], [], 0),
        ([0, 5, 15], [], 0),
        ([0, 0.5], [(1, "same_step")], 0),
        ([0, 1, 0], [(2, "late")], 0),
        # A step late, in a series of any age; further back than a jump only a mature one calls it late.
        ([*MATURE, -7], [(4, "late")], 0),
        ([*MATURE, -8], [(4, "late")], 0),
        # Ten steps ahead is no jump, eleven are: held, and refused when the series goes on where it was.
        ([*MATURE, 13], [], 0),
        ([*MATURE, 14], [], 1),
        ([*MATURE, 14, 4], [(4, "jump_ahead")], 0),
        ([*MATURE, 14, 2], [(4, "jump_ahead"), (5, "late")], 0),
        # Three later ones confirm it; fewer don't.
        ([*MATURE, 14, 15, 16], [], 3),
        ([*MATURE, 14, 15, 16, 17], [], 0),
        ([*MATURE, 14, 15, 16, 26], [], 0),
        ([*MATURE, 14, 15, 16, 4], [(4, "jump_ahead"), (5, "jump_ahead"), (6, "jump_ahead")], 0),
        # What jumps away from the jump contradicts it, and is held in its place.
        ([*MATURE, 99, 14, 15, 16, 17], [(4, "jump_ahead")], 0),
        ([*MATURE, 14, 99, 100, 101, 102], [(4, "jump_ahead")], 0),
        # Several samples a step, or some that come late, neither confirm nor contradict.
        (
            [*MATURE, 14, 14.5, 15, 15.5, 16, 16.5, 17, 17.5],
            [(5, "same_step"), (7, "same_step"), (9, "same_step"), (11, "same_step")],
            0,
        ),
        ([*MATURE, 20, 19, 21, 22, 23], [(5, "late")], 0),
        # Something ancient says nothing about a jump ahead, however often it comes.
        ([*MATURE, 14, -20, -19, -18, -17, 15, 16, 17], [(place, "late") for place in (5, 6, 7, 8)], 0),
        # A young series whose first sample was the absurd one begins again.
        ([1000, 0, 1, 2], [], 3),
        ([1000, 0, 1, 2, 3], [(0, "jump_ahead")], 0),
        ([1000, 1001, 1002, 0, 1, 2, 3], [(0, "jump_ahead"), (1, "jump_ahead"), (2, "jump_ahead")], 0),
        ([1000, 1001, 1002, 1003, 0, 1, 2, 3], [(place, "late") for place in (4, 5, 6, 7)], 0),
        # And again, when the second beginning was absurd too.
        ([2000, 1000, 1001, 1002, 1003], [(0, "jump_ahead")], 0),
    ],
)
def test_steps_and_jumps(minutes: list[float], refused: list[tuple[int, str]], waiting: int) -> None:
    rejected, accepted, left = outcome(minutes)
    assert sorted(rejected) == refused
    assert left == waiting
    # The absurd beginnings were accepted before they were refused.
    beginnings = sum([place < 3 and reason == "jump_ahead" for place, reason in refused])
    assert accepted == len(minutes) - waiting - len(refused) + beginnings


def test_a_jump_of_exactly_the_same_instants_is_never_confirmed_by_itself() -> None:
    assert outcome([*MATURE, 50, 50, 50, 50, 50]) == ([(place, "same_step") for place in (5, 6, 7, 8)], 4, 1)


@pytest.mark.parametrize(
    ("minutes", "refused", "accepted", "waiting"),
    [
        (list(range(8)), [], 0, 8),
        (list(range(9)), [], 9, 0),
        # Collected in any order, learned in the order of time.
        ([3, 1, 0, 2, 8, 7, 6, 5, 4], [], 9, 0),
        ([0, 0, 1, 2, 3, 4, 5, 6, 7], [(1, "same_step")], 0, 8),
        # Of a step of a minute: the sample half a minute after another is one too many.
        ([0, 1, 1.5, 2, 3, 4, 5, 6, 7], [(2, "same_step")], 8, 0),
        # The absurd one waits on when the step is known.
        ([10_000, *range(8)], [], 8, 1),
        ([10_000, *range(9)], [(0, "jump_ahead")], 9, 0),
    ],
)
def test_first_samples_wait_until_they_tell_the_step(
    minutes: list[float], refused: list[tuple[int, str]], accepted: int, waiting: int
) -> None:
    assert outcome(minutes, **INFERRED) == (refused, accepted, waiting)


def test_an_inferred_step_is_the_series_own() -> None:
    inferred = pipeline(**INFERRED)
    run(
        inferred,
        rows([(name, width * n, 1.0) for name, width in (("a", 1.03), ("b", 5), ("c", 3.7)) for n in range(9)]),
    )
    slots = [inferred.state.catalog.slots[name] for name in "abc"]
    assert inferred.state.grid["step_ms"][slots].tolist() == [MINUTE_MS, 5 * MINUTE_MS, round(3.7 * MINUTE_MS)]


def test_a_series_that_begins_again_has_forgotten_its_absurd_beginning() -> None:
    """Its predictions, rates and counts are those of a series that never had it."""
    rule = {"name": "full", "metric": "*", "limit": {"value": 9}}
    good = [("requests_total", 40 * minute, 60.0 * minute * minute) for minute in range(9)]
    limits = {"jump_steps": 50}
    clean = run(pipeline(capacity=[rule], limits=limits), rows(good, first_offset=1))
    soiled = run(
        pipeline(capacity=[rule], limits=limits),
        rows([("requests_total", 10_000, 1e6), *good]),
    )
    assert [record for record in soiled if record.topic != "foreshock.rejects"] == clean
    assert said(clean, "foreshock.capacity")
    ((offset, reason),) = rejects(soiled)
    assert (offset, reason) == (0, "jump_ahead")


def test_a_reject_says_which_sample_and_why() -> None:
    (record,) = said(run(pipeline(), rows([("cpu", 5, 1.0), ("cpu", 2, 2.5)])), "foreshock.rejects")
    assert record["series"] == "cpu"
    assert record["value"] == 2.5
    assert record["detail"] == "3 steps behind the series' last sample"
    assert record["source"] == {"topic": "telemetry", "partition": 0, "offset": 1, "row": 0}
