"""Windows: the forecasts of one origin, what came, and what seasonal naive would have said."""

from dataclasses import dataclass, replace

from models.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Forecasts made at one origin for n series, `quantiles` [n, horizon, deciles]; `step_ms` [n] is their own."""

    origin_ms: int
    names: list[str]
    slots: Ints
    step_ms: Ints
    quantiles: Floats

    def only(self, places: list[int]) -> "Forecasts":
        """Those of some series."""
        return replace(
            self,
            names=[self.names[place] for place in places],
            slots=self.slots[places],
            step_ms=self.step_ms[places],
            quantiles=self.quantiles[places],
        )


@dataclass(frozen=True, slots=True)
class Naive:
    """Seasonal naive's forecasts for n series, `quantiles` [n, horizon, deciles], and its errors in the past.

    `scale` [n] is the mean absolute change over a season, NaN where there was none.
    """

    quantiles: Floats
    scale: Floats


@dataclass(frozen=True, slots=True)
class Window:
    """One origin with what came after it, `actual` [n, horizon], and what came before, `before` [n, horizon].

    NaN where no sample came; `actual` is all NaN until the window is over.
    """

    forecasts: Forecasts
    naive: Naive
    before: Floats
    actual: Floats

    def only(self, places: list[int]) -> "Window":
        """The same of some series."""
        naive = Naive(self.naive.quantiles[places], self.naive.scale[places])
        return Window(self.forecasts.only(places), naive, self.before[places], self.actual[places])
