"""When Alertmanagers are told."""

from dataclasses import replace

from streams.serve.alerting.alert import Alert, Turn
from streams.serve.alerting.finding import Finding
from streams.serve.alerting.rota import TOLD_AFTER_END_MS, Rota
from streams.serve.alerting.severity import Severity

EVERY_MS = 60_000
FINDING = Finding("capacity", "key", 0, Severity.PAGE, Severity.PAGE, 0, "{}", {})
ALERT = Alert((("alertname", "A"),), Severity.PAGE, 0, FINDING)
ENDED = replace(ALERT, ends_at_ms=7)
BEGINS, ENDS = Turn(ALERT, 0, True), Turn(ENDED, 7, True)


def test_at_once_and_then_every_so_often() -> None:
    rota = Rota(EVERY_MS)
    told = [at_ms for at_ms in range(0, 180_001, 1_000) if rota.due([ALERT], [], at_ms)]
    assert told == [0, 60_000, 120_000, 180_000]


def test_an_end_is_told_for_a_while() -> None:
    rota = Rota(EVERY_MS)
    rota.due([ALERT], [BEGINS], 0)
    told = {at_ms: rota.due([], [ENDS] if at_ms == 1_000 else [], at_ms) for at_ms in range(1_000, 500_000, 1_000)}
    assert {at_ms for at_ms, due in told.items() if due == [ENDED]} == {
        1_000 + times * EVERY_MS for times in range(TOLD_AFTER_END_MS // EVERY_MS + 1)
    }
    assert all(due in ([], [ENDED]) for due in told.values())


def test_one_that_begins_again_is_told_at_once_and_its_end_no_more() -> None:
    rota = Rota(EVERY_MS)
    rota.due([ALERT], [BEGINS], 0)
    rota.due([], [ENDS], 1_000)
    again = replace(ALERT, starts_at_ms=9)
    assert rota.due([again], [Turn(again, 9, True)], EVERY_MS + 1_000) == [again]
    assert rota.due([again], [], 2 * EVERY_MS + 1_000) == [again]


def test_an_end_and_a_new_beginning_between_two_looks() -> None:
    rota = Rota(EVERY_MS)
    rota.due([ALERT], [BEGINS], 0)
    assert rota.due([ALERT], [ENDS, BEGINS], 1_000) == [ALERT]


def test_the_end_of_what_nobody_was_told_of_is_no_news() -> None:
    assert Rota(EVERY_MS).due([], [BEGINS, ENDS], 0) == []
