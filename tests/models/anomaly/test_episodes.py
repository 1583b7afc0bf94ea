"""Episodes: opened, raised, closed."""

import numpy as np

from models.anomaly import episodes
from models.anomaly.episodes import CLOSED, OPENED, RAISED, Evidence
from models.anomaly.kinds import FLAT_LINE, KINDS, VALUE
from models.layout import Arrays, allocate


def _told(signs: str, quiet: int = 2, kind: int = VALUE, rises: bool = True) -> tuple[list[tuple[int, int]], Arrays]:
    """What is told of one series: B begins and holds, h holds, . neither; scores are 0.5, 0.6, ... of each B."""
    state, told, score = allocate(episodes.LAYOUT, 1), [], 0.4
    for step, sign in enumerate(signs):
        score += 0.1 * (sign == "B")
        columns = ([sign == "B"], [sign == "h"], [score], [step], [10.0 * step], [np.nan])
        one, at = Evidence._make([np.array(column) for column in columns]), np.array([step])
        quiets = np.array([quiet])
        turns = episodes.follow(state, kind, np.array([0]), at, 1000 * at, quiets, one, rises=rises)
        told += [(step, what) for what in turns.what.tolist()]
    return told, state


def test_an_episode_opens_once_and_closes_after_its_quiet() -> None:
    told, state = _told("..Bhh.h......")
    assert told == [(2, OPENED), (9, CLOSED)]
    assert state["episode_start"][0, VALUE] == 2
    assert state["episode_found_ms"][0, VALUE] == 2000
    assert state["episode_last"][0, VALUE] == 6
    assert state["open"][0] == 0


def test_worse_news_raises_it_and_moves_its_peak() -> None:
    told, state = _told("B.B.h")
    assert told == [(0, OPENED), (2, RAISED)]
    assert (state["episode_peak"][0, VALUE], state["episode_value"][0, VALUE]) == (2, 20.0)
    assert state["open"][0] == 1 << VALUE


def test_a_kind_that_does_not_rise_tells_its_opening_and_its_end_alone() -> None:
    told, state = _told("BBB.", quiet=0, kind=FLAT_LINE, rises=False)
    assert told == [(0, OPENED), (3, CLOSED)]
    assert state["episode_peak"][0, FLAT_LINE] == 2


def test_kinds_do_not_see_each_other() -> None:
    _, state = _told("B", kind=FLAT_LINE)
    untouched = [kind for kind in range(KINDS) if kind != FLAT_LINE]
    assert (state["episode_found_ms"][0, untouched] == 0).all()
    assert np.isnan(state["episode_value"][0, untouched]).all()
