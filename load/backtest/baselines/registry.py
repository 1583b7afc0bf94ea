"""The baselines by name. To add one: a file beside this, a line below, and its row in the tests' list.

Seasonal naive is always measured, over all series and in step with the run (`load.backtest.history`); its name is
known here so that it can be asked for.
"""

from collections.abc import Sequence
from importlib.util import find_spec

from load.backtest.baselines.autoets import AutoEts
from load.backtest.baselines.autotheta import AutoTheta
from load.backtest.baselines.contract import Baseline
from load.backtest.baselines.ets import Ets
from load.backtest.baselines.holtwinters import HoltWinters
from load.backtest.baselines.naive import Naive
from load.backtest.baselines.oracle import Oracle
from load.backtest.baselines.snarimax import Snarimax
from load.backtest.errors import BacktestError
from streams.cli.errors import ExtraMissingError

SEASONAL_NAIVE = "seasonal-naive"

_BASELINES: dict[str, Baseline] = {
    known.name: known for known in (Naive(), Ets(), AutoEts(), AutoTheta(), HoltWinters(), Snarimax(), Oracle())
}


def names() -> tuple[str, ...]:
    """What may be asked for."""
    return (SEASONAL_NAIVE, *_BASELINES)


def baseline(name: str) -> Baseline:
    """The baseline of that name."""
    return _BASELINES[name]


def asked_for(text: str) -> tuple[str, ...]:
    """The baselines of ``naive,ets``, each once, without seasonal naive; checked that they are there and installed."""
    wanted = list(dict.fromkeys([name.strip() for name in text.split(",") if name.strip()]))
    if unknown := [name for name in wanted if name not in names()]:
        raise BacktestError(f"there is no baseline {', '.join(unknown)}\nthere are {', '.join(names())}")
    chosen = tuple([name for name in wanted if name != SEASONAL_NAIVE])
    _check_installed([baseline(name) for name in chosen])
    return chosen


def _check_installed(chosen: Sequence[Baseline]) -> None:
    lacking = {one.needs for one in chosen if one.needs is not None and find_spec(one.needs.module) is None}
    if lacking:
        modules = " and ".join(sorted([extra.module for extra in lacking]))
        extras = ",".join(sorted({extra.extra for extra in lacking}))
        raise ExtraMissingError(f"a comparison with {modules}", extras)
