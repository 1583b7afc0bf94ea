"""Scores: how predictions fared whose outcome is known. Sums and counts, so those of several tracks may be added up."""

import numpy as np

from models.arrays import Floats, Tracks
from models.layout import Arrays, Field

BINS = 10

LAYOUT = (
    Field("looks_settled", "i8", (), 0, "looks", "settled predictions, all of them"),
    Field("square_error", "f8", (), 0.0, "-", "sum of (p - outcome)² over them"),
    Field("base_square_error", "f8", (), 0.0, "-", "the same of the overall frequency"),
    Field("bin_looks", "i4", (BINS,), 0, "looks", "settled predictions by p, in tenths"),
    Field("bin_hits", "i4", (BINS,), 0, "looks", "hits among them"),
    Field("bin_p", "f8", (BINS,), 0.0, "-", "sum of what was predicted"),
)


def add(arrays: Arrays, tracks: Tracks, p: Floats, base: Floats, outcome: Floats) -> None:
    """Add a prediction of each of these distinct tracks, what the overall frequency was at it, and what came."""
    # Brier (1950): (p - outcome)²
    error, base_error = p - outcome, base - outcome
    arrays["looks_settled"][tracks] += 1
    arrays["square_error"][tracks] += error * error
    arrays["base_square_error"][tracks] += base_error * base_error
    # Reliability: what came beside what was said, by tenths
    of_p = np.minimum((BINS * p).astype(np.int64), BINS - 1)
    arrays["bin_looks"][tracks, of_p] += 1
    arrays["bin_hits"][tracks, of_p] += outcome.astype(np.int32)
    arrays["bin_p"][tracks, of_p] += p
