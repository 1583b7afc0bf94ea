"""How long to wait before something is tried again."""

BACKOFF_FIRST_S = 1.0
BACKOFF_MAX_S = 60.0


def backoff_s(failures: int, chance: float) -> float:
    """Doubled with each failure in a row; chance takes up to half of it off, so that many don't come back at once.

    Parameters
    ----------
    failures
        From 1 on.
    chance
        From 0 to 1.
    """
    assert failures >= 1
    assert 0.0 <= chance <= 1.0
    longest_s = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2.0 ** min(failures - 1, 30))
    return longest_s * (1.0 - chance / 2.0)
