"""The fleet's shapes of a day that forecast young series better.

As gains are, shapes are tried on the last fifth of what is fitted to, with shapes of the samples before it; what is
held out has no part in it. There every series begins afresh: shapes are for those that have shown nothing yet.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rich.console import Console

from load.fit.choosing import WORTH_IT
from load.fit.held_out import Trial, relative_loss
from load.fit.learning import Learned, learn
from load.fit.share import Share
from load.fit.young import tried_young, youths
from models.fit.shapes import fleet_shape, series_shape
from models.forecast.params import DEFAULTS, Gains, Params
from streams.series import parse_series
from streams.settings.model import Settings


class Shape(NamedTuple):
    """What was found of a metric: its shape, how many series tell of it, and their loss over that without it.

    `relative` is None where nothing could be compared.
    """

    values: tuple[float, ...]
    series: int
    relative: float | None

    @property
    def pays(self) -> bool:
        """Whether young series are forecast better with it."""
        return self.relative is not None and self.relative < WORTH_IT


def found_shapes(
    shares: Sequence[Share], learned: Sequence[Learned], settings: Settings, gains: Gains, console: Console
) -> dict[str, Shape]:
    """Shapes of all that is fitted to, each with what such a shape was worth on the last fifth of it."""
    inner = [Share.of(share.fitted_to, settings) for share in shares]
    known = [learn(share.fitted_to.table, settings, DEFAULTS) for share in inner]
    tried = {metric: values for metric, (values, _) in shapes_of(known).items()}
    relative = _relative(inner, settings, DEFAULTS._replace(gains=gains, shapes=tried), console)
    return {metric: Shape(*found, relative.get(metric)) for metric, found in sorted(shapes_of(learned).items())}


def paying(found: Mapping[str, Shape]) -> dict[str, tuple[float, ...]]:
    """The shapes that forecast young series better."""
    return {metric: shape.values for metric, shape in found.items() if shape.pays}


def shapes_of(learned: Iterable[Learned]) -> dict[str, tuple[tuple[float, ...], int]]:
    """By metric: the shape, and how many series tell of it."""
    told = defaultdict(list)
    for each in learned:
        for course, metric, local_ms in zip(each.courses, each.metrics, each.local_ms, strict=True):
            shape = series_shape(course, local_ms)
            if shape is not None:
                told[metric].append(shape)
    found = {metric: (fleet_shape(shapes), len(shapes)) for metric, shapes in told.items()}
    return {metric: (values, series) for metric, (values, series) in found.items() if values is not None}


def _relative(shares: Sequence[Share], settings: Settings, params: Params, console: Console) -> dict[str, float]:
    """By metric: the loss of young series with its shape over that without, over all recordings."""
    if not params.shapes:
        return {}
    starts = [youths(share) for share in shares]
    ours, theirs = (
        [tried_young(each, settings, tried, console) for each in starts]
        for tried in (params, params._replace(shapes={}))
    )
    relative = {metric: relative_loss(_of(metric, ours), _of(metric, theirs)) for metric in params.shapes}
    return {metric: each for metric, each in relative.items() if each is not None}


def _of(metric: str, trials: Sequence[Trial]) -> Trial:
    """Series of one metric; those of different recordings are different series."""
    losses = {
        f"{number}/{name}": loss
        for number, trial in enumerate(trials)
        for name, loss in trial.losses.items()
        if parse_series(name).metric == metric
    }
    return Trial(None, None, losses)
