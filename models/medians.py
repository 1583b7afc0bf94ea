"""Medians of short rows, each row by itself: a row's median does not depend on the rows beside it."""

import numpy as np
import numpy.typing as npt

from models.arrays import Floats


def row_medians(rows: npt.NDArray[np.floating], least: int = 1) -> Floats:
    """The median of what is present in every row.

    Parameters
    ----------
    rows
        Shape [..., width], width >= 2; NaN marks what is missing.
    least
        Values that must be present.

    Returns
    -------
    Shape [...]; NaN where a row has fewer.
    """
    width = rows.shape[-1]
    # NaN sorts last: what is present takes the first places.
    ordered = np.sort(rows.reshape(-1, width), axis=1)
    present = np.count_nonzero(~np.isnan(ordered), axis=1)
    first = width * np.arange(len(ordered))
    below = ordered.take(first + np.maximum(present - 1, 0) // 2).astype(np.float64)
    above = ordered.take(first + np.minimum(present // 2, width - 1)).astype(np.float64)
    middle = np.where(present >= least, 0.5 * (below + above), np.nan)
    return np.asarray(middle.reshape(rows.shape[:-1]))
