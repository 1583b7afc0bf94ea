"""The histogram of durations: each one in its bucket, buckets that add up."""

from streams.metrics.durations import BOUNDS_S, Durations


def test_a_duration_counts_in_every_bucket_from_its_own_on() -> None:
    durations = Durations()
    for seconds in (0.0, BOUNDS_S[0], 0.3, 99.0):
        durations.observe(seconds)
    buckets = dict(durations.buckets())
    assert list(buckets) == [*map(str, BOUNDS_S), "+Inf"]
    assert (buckets["0.0005"], buckets["0.001"], buckets["0.25"], buckets["0.5"], buckets["10.0"]) == (2, 2, 2, 3, 3)
    assert buckets["+Inf"] == 4
    assert durations.sum_s == 99.3 + BOUNDS_S[0]
