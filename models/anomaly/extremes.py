"""Extremes: how likely an ordinary stretch of this series holds a sample as strange, so that a score means the same
everywhere.

The strangest sample of each block of so many is kept; such maxima have a Gumbel distribution in the limit, whose mean
and variance the series' earlier blocks teach. Three block lengths are read and averaged, because short ones know a
young series sooner, and long ones know more.

    beta = sqrt(6 v) / pi;   u = (s - (mu - gamma beta)) / beta
    y = -log10(1 - exp(-exp(-u))),   u the mean over the block lengths; a surprisal, in decimal digits
    mu += g a,  v = max(0.05^2, (1 - g) (v + g a^2)),   a = min(maximum - mu, 3 sqrt v)

Without the limit on a an incident would blind the detector.

Gumbel (1958), Statistics of Extremes, 1.2 and 6.2.
"""

import numpy as np

from models.arrays import Floats, Ints
from models.layout import Arrays, Field, Layout, Slots

BLOCKS = (200, 400, 800)
"""Samples of a block."""
BLOCK = 400
"""Their geometric mean: a surprisal is of an ordinary stretch of so many samples."""
START_VARIANCE, START_BLOCKS = 0.16, 3
"""What is known of maxima before the first block, beside their mean: as much as so many blocks teach."""
VARIANCE_MIN = 0.05**2
"""However alike blocks were. It grows by a sixth a block: from much less a quiet year would be forgotten in another."""
GAIN_MIN = 0.02
BLOCKS_COUNTED = 50
LIMIT_DEVIATIONS = 3.0
EULER = 0.5772156649015329

_BETA_PER_DEVIATION = float(np.sqrt(6.0) / np.pi)
_SURE, _FAR = -3.0, 30.0
"""Beyond these, y is 0, and u / ln 10, to the last bit that counts."""

assert 1.0 / BLOCKS_COUNTED <= GAIN_MIN


def layout(name: str, start_mean: float) -> Layout:
    """State of one stream of strangeness, whose maxima have such a mean in most series."""
    size = (len(BLOCKS),)
    return (
        Field(f"{name}_mean", "f4", size, start_mean, "-", "mean of the maxima, by block length"),
        Field(f"{name}_variance", "f4", size, START_VARIANCE, "-", "their variance"),
        Field(f"{name}_blocks", "u1", size, START_BLOCKS, "blocks", "seen, as far as that matters"),
        Field(f"{name}_highest", "f4", size, 0, "-", "maximum of the block that is open"),
    )


def surprisal(state: Arrays, name: str, slots: Slots, strangeness: Floats) -> Floats:
    """-log10 of the probability that an ordinary block holds a sample as strange, (n,)."""
    beta = _BETA_PER_DEVIATION * np.sqrt(state[f"{name}_variance"][slots].astype(np.float64))
    u = ((strangeness[:, None] - (state[f"{name}_mean"][slots] - EULER * beta)) / beta).sum(axis=1) / len(BLOCKS)
    near = np.minimum(np.maximum(u, _SURE), _FAR)
    y = -np.log10(-np.expm1(-np.exp(-near)))
    return np.asarray(np.where(u > _FAR, u / np.log(10.0), np.where(u < _SURE, 0.0, y)))


def learn(state: Arrays, name: str, slots: Slots, strangeness: Floats, seen: Ints) -> None:
    """Note samples, each the `seen`-th of its series, and close the blocks that are full with them."""
    highest = state[f"{name}_highest"]
    highest[slots] = np.maximum(highest[slots], strangeness[:, None].astype(np.float32))
    for place, length in enumerate(BLOCKS):
        rows = slots[seen % length == 0]
        if len(rows):
            _close(state, name, rows, place)


def _close(state: Arrays, name: str, slots: Slots, place: int) -> None:
    mean = state[f"{name}_mean"][slots, place].astype(np.float64)
    variance = state[f"{name}_variance"][slots, place].astype(np.float64)
    blocks = np.minimum(state[f"{name}_blocks"][slots, place].astype(np.int64) + 1, BLOCKS_COUNTED)
    gain = np.maximum(1.0 / blocks, GAIN_MIN)
    apart = np.minimum(state[f"{name}_highest"][slots, place] - mean, LIMIT_DEVIATIONS * np.sqrt(variance))
    state[f"{name}_mean"][slots, place] = mean + gain * apart
    learned = (1.0 - gain) * (variance + gain * apart * apart)
    state[f"{name}_variance"][slots, place] = np.maximum(learned, VARIANCE_MIN)
    state[f"{name}_blocks"][slots, place] = blocks
    state[f"{name}_highest"][slots, place] = 0.0
