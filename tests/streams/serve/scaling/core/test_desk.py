"""All scalers together, and what they have said."""

from streams.serve.scaling.core.decision import Decision
from streams.serve.scaling.core.desk import KEPT, SAME_MS, Desk
from streams.serve.scaling.core.refusals import Refusal
from tests.streams.serve.scaling.made import MINUTE_MS, SERIES, T_MS, MadeBoard, record, scaler


def test_each_scaler_has_limits_of_its_own() -> None:
    desk = Desk([scaler(), scaler(name="other", max_replicas=2, dry_run=True)], MadeBoard())
    answers = [desk.ask(name, T_MS).answer for name in ("shop", "other")]
    assert [(answer.replicas, answer.dry_run) for answer in answers if isinstance(answer, Decision)] == [
        (4, False),
        (2, True),
    ]


def test_questions_within_a_second_have_one_answer() -> None:
    board = MadeBoard()
    desk = Desk([scaler()], board)
    first = desk.ask("shop", T_MS)
    board.records.clear()
    assert desk.ask("shop", T_MS + SAME_MS - 1) is first
    assert isinstance(desk.ask("shop", T_MS + SAME_MS).answer, Refusal)
    assert desk.counts() == {("shop", "ok"): 1, ("shop", "unknown_series"): 1}


def test_the_newest_outcomes_are_kept_the_newest_first() -> None:
    board = MadeBoard({SERIES: record(expires_at_ms=T_MS + 10**9)})
    desk = Desk([scaler(name="other"), scaler(max_age="1d")], board)
    for minute in range(KEPT + 2):
        desk.ask("shop", T_MS + minute * MINUTE_MS)
    kept = desk.kept("shop")
    assert len(kept) == KEPT
    assert [outcome.at_ms for outcome in kept[:2]] == [T_MS + n * MINUTE_MS for n in (KEPT + 1, KEPT)]
    assert desk.kept("other") == []
