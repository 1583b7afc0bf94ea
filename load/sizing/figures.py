"""What was measured, on two shared cores of an Intel Xeon; README.md has each with the command that gave it.

Your machines differ: the figures are an order of magnitude, and `foreshock bench` and `foreshock recovery` give yours.
"""

SAMPLES_PER_CORE_S = 49_609.0
"""`foreshock bench`: samples a second of one worker with all roles, 100 samples a message."""

LONE_SAMPLES_PER_CORE_S = 32_622.0
"""The same, one sample a message."""

SHARE_OF_CORE = 0.5
"""How much of a core is planned for: the rest is for replays, rebalances, and the partition that is hotter."""

STATE_BYTES = 12_700
"""Of a series without rules, as a checkpoint writes it."""

CAPACITY_BYTES, FAILURE_BYTES = 2_400, 2_900
"""More, for each capacity rule and each failure rule that fits the series."""

LOADING_BYTES = 39_000
"""Memory of a worker for each series while it loads the state, its most: 3.9 GB of 100,000."""

IDLE_BYTES = 150_000_000
"""Memory of a worker without series: Python, numpy and Faust."""

BUFFERS = 2
"""A section lies on the changelog twice, in the buffer that is named and in the other."""

LOAD_BYTES_PER_S = 92_000_000.0
"""`foreshock recovery`: how fast a worker reads its state back."""

REPLAY_SAMPLES_PER_S = 57_400.0
"""The same: how fast the samples since the last checkpoint are applied."""

SAMPLE_BYTES = 8
"""Of a sample on the samples topic, in blocks, with zstd: the worker's own code on 500 made-up series of three digits
and more behind the point. Values that compress badly take up to 24."""

PREDICTION_BYTES = 54
"""Of forecasts and their quality for each sample, with the default horizon and `emit_every`, measured likewise."""
