"""The experts: how often an episode followed, and the path of the series' own forecast, weighed against each other.

The frequency knows what the series did whenever it looked like this; the path (`models.forecast.paths`) sees a daily
peak or a trend coming while the value is still far from the threshold. Paths are marginal quantiles read as courses,
often wrong about so many steps in a row, so they come in only as they are tested. Of each track,

    w ~ prior / (L + 0.4 max(1, n / 2))³,   L = 0.98 L + (p - outcome)² with each look that is settled,
    prior = 1 of the frequency, s / (s + 4) / 2 of the path after s of them,

n the looks within a horizon as they are taken: they overlap, and count as two together. Ratios and not differences,
because most rules are hardly ever broken: a path that says one in ten each day has small errors then, too. Where the
forecast ends before the horizon there is no path, and the frequency speaks alone.
"""

import numpy as np

from models.arrays import Floats, Times, Tracks
from models.failure import ledger
from models.layout import Arrays, Field, Slots
from models.verification import KEEP_ERROR

PRIOR_PATH = 0.5
"""Once it has been tested; that of the frequency is 1."""

_TESTS = 4.0

# What both are taken to have lost before, of looks that do not overlap.
_PRIOR_ERROR = 0.4
_INDEPENDENT_LOOKS = 2.0

OF_TRACK = (
    Field("frequency_error", "f4", (), 0.0, "-", "squared errors of settled frequencies, fading"),
    Field("path_error", "f4", (), 0.0, "-", "those of paths at the same looks"),
)


def path_weights(arrays: Arrays, slots: Slots, paths: Floats, every_ms: Times) -> Floats:
    """The path's share of each horizon, shape (n, h); NaN where there is none. The rest is the frequency's.

    Parameters
    ----------
    paths
        Shape (n, h).
    every_ms
        How far apart predictions are made, shape (n,).
    """
    within_ms = arrays["within_ms"][slots]
    apart_ms = np.maximum(ledger.cell_ms(within_ms), every_ms[:, np.newaxis])
    prior_error = _PRIOR_ERROR * np.maximum(1.0, within_ms / apart_ms / _INDEPENDENT_LOOKS)
    worse = (arrays["path_error"][slots] + prior_error) / (arrays["frequency_error"][slots] + prior_error)
    settled = arrays["looks_settled"][slots].astype(np.float64)
    prior = PRIOR_PATH * settled / (settled + _TESTS)
    # w_path / (w_path + w_frequency) = prior / (prior + ((L_path + L₀) / (L_frequency + L₀))³)
    share = prior / (prior + worse * worse * worse)
    return np.where(np.isnan(paths), np.nan, share)


def mix(frequencies: Floats, paths: Floats, shares: Floats) -> Floats:
    """What the two say together of each horizon, shape (n, h), never less of a further one."""
    told = ~np.isnan(paths)
    # p = f + w (path - f)
    p = frequencies + np.where(told, shares * (paths - frequencies), 0.0)
    return np.asarray(np.clip(np.maximum.accumulate(p, axis=1), 0.0, 1.0))


def learn(arrays: Arrays, tracks: Tracks, frequency: Floats, path: Floats, outcome: Floats) -> None:
    """Take what each said at a look of these distinct tracks, and what came; where there was no path, none learns."""
    told = np.flatnonzero(~np.isnan(path))
    for name, said in (("frequency_error", frequency), ("path_error", path)):
        error = said[told] - outcome[told]
        # L = 0.98 L + (p - outcome)²
        arrays[name][tracks[told]] = KEEP_ERROR * arrays[name][tracks[told]] + error * error
