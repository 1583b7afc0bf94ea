"""Arrays as signatures name them, by what they hold; their shapes are in docstrings, by the letters of README.md."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

Places = npt.NDArray[np.intp]
"""Places in the other arrays of a call."""

Times = npt.NDArray[np.int64]
"""Event times and durations, in ms."""

Counts = npt.NDArray[np.int64]

Tracks = npt.NDArray[np.int64]
"""Numbers of tracks, one for each slot and horizon of a rule: `failure.tracks`."""

Numbers = npt.NDArray[np.int32]
"""Numbers of half hours, and of bins of several of them, since 1970."""

Bins = npt.NDArray[np.integer]
"""Such numbers of any width."""
