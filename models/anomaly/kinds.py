"""The kinds of anomalies. Their order is that of the state, and of the names in `streams.schema`."""

VALUE, LEVEL_SHIFT, SPREAD, FLAT_LINE, MISSING, CADENCE = range(6)
KINDS = 6
