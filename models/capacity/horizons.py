"""The spans of time that capacity is predicted for, and how often predictions for them are put to the test."""

import numpy as np

HOURS = np.array([1.0, 6.0, 24.0, 168.0, 720.0])
HORIZONS = len(HOURS)
WITHIN_MS = [round(hours * 3_600_000) for hours in HOURS.tolist()]
# Times to a limit are looked for up to here; what lies beyond is not within the horizon.
ETA_HORIZON_H = float(HOURS[-1])

# Places in HOURS.
H1, H6, H24, D7, D30 = range(HORIZONS)

# Those before this place are told by the last day's drift.
WITHIN_DAY = D7

# A span's predictions are looked at so often: six times in its length, and not more often than hourly.
LOOK_EVERY_H = np.maximum(1, HOURS.astype(np.int64) // 6)
assert (LOOK_EVERY_H * np.minimum(HOURS, 6.0) == HOURS).all()
