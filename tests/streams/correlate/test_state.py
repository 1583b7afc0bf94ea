"""All that a correlate pipeline knows is in its sections: whatever attribute one adds, a checkpoint holds it, or this
fails."""

from collections.abc import Iterator
from functools import cache

from streams.correlate.pipeline import CorrelatePipeline
from tests.streams.attributes import Views, differences
from tests.streams.correlate.test_pipeline import CONFIG, round_robin

STEPS_BETWEEN = 25

NOT_IN_A_CHECKPOINT = {
    "Kinship._fitting": "answers that were asked for before: they follow from names and settings",
    "CorrelateState.weights": "of metrics by number: from the settings, and made anew when they are asked for",
    "Inbox.repeated": "counts for those who watch, from the process's start on",
}
VIEWS: Views = dict.fromkeys(NOT_IN_A_CHECKPOINT, lambda _: None)


def loaded(pipeline: CorrelatePipeline) -> CorrelatePipeline:
    after = CorrelatePipeline(CONFIG)
    after.load(pipeline.dump())
    return after


@cache
def runs() -> list[tuple[set[str], set[str]]]:
    """In what a pipeline that is loaded now and then differs from one that never is: in views, and in anything."""

    def run() -> Iterator[tuple[set[str], set[str]]]:
        undisturbed, restarted, log = CorrelatePipeline(CONFIG), CorrelatePipeline(CONFIG), round_robin()
        for start in range(0, len(log), STEPS_BETWEEN):
            part = log[start : start + STEPS_BETWEEN]
            # The last few come again.
            assert restarted.step([*part, *part[-3:]]) == undisturbed.step([*part, *part[-3:]])
            restarted = loaded(restarted)
            yield differences(undisturbed, restarted, VIEWS), differences(undisturbed, restarted, {})

    return list(run())


def test_what_is_loaded_is_all_that_was_there() -> None:
    assert set().union(*[in_views for in_views, _ in runs()]) == set()


def test_whatever_is_left_out_had_something_to_lose() -> None:
    """An entry that is needed no more would hide an attribute of that name."""
    assert NOT_IN_A_CHECKPOINT.keys() <= set().union(*[in_anything for _, in_anything in runs()])


def test_an_attribute_that_nobody_dumps_is_found() -> None:
    pipeline = CorrelatePipeline(CONFIG)
    pipeline.step(round_robin()[:40])
    [triage] = pipeline.state.triages.values()
    triage.remembered = {"a": 1}  # type: ignore[attr-defined]
    assert differences(pipeline, loaded(pipeline), VIEWS) == {"Triage.remembered"}
