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
