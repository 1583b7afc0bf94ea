"""Medians of short rows, each row by itself: a row's median does not depend on the rows beside it."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def row_medians(rows: Floats) -> Floats:
    """The median of what is present in every row.

    Parameters
    ----------
    rows
        Shape (n, width), width >= 2; NaN marks what is missing.

    Returns
    -------
    Shape (n,); NaN where a row has nothing.
    """
    # NaN sorts last: what is present takes the first places.
    ordered = np.sort(rows, axis=-1)
    present = np.count_nonzero(~np.isnan(rows), axis=-1)
    row = np.arange(len(rows))
    below = ordered[row, np.maximum(present - 1, 0) // 2]
    above = ordered[row, present // 2]
    middle: Floats = 0.5 * (below + above)
    return middle


def present_medians(rows: npt.NDArray[np.float32], least: int) -> Floats:
    """The median of what is present along the last axis; NaN where fewer than `least` are."""
    width = rows.shape[-1]
    flat = np.sort(rows.reshape(-1, width), axis=1)
    present = np.count_nonzero(~np.isnan(flat), axis=1)
    start = width * np.arange(len(flat))
    below = flat.take(start + np.maximum(present - 1, 0) // 2).astype(np.float64)
    above = flat.take(start + np.minimum(present // 2, width - 1)).astype(np.float64)
    middle = np.where(present >= least, 0.5 * (below + above), np.nan)
    return np.asarray(middle.reshape(rows.shape[:-1]))
