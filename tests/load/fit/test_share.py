"""What is fitted to, and what is held out."""

from load.backtest.choices import Choices, backtest_settings, default_settings
from load.fit.sample import Held
from load.fit.share import Share
from tests.load.backtest.helpers import MINUTE_MS, START_MS, samples

SETTINGS = backtest_settings(default_settings(), Choices(horizon=12))


def test_the_first_origin_parts_what_is_fitted_to_from_what_is_held_out() -> None:
    """A fifth of 419 minutes has room for six windows of 12: the last origin lies 12 minutes before the end."""
    share = Share.of(Held("fleet.parquet", samples(["cpu", "memory"], 420)), SETTINGS)
    last_ms = START_MS + 419 * MINUTE_MS
    assert share.plan.origins_ms == tuple([last_ms - windows * 12 * MINUTE_MS for windows in range(6, 0, -1)])
    assert share.fitted_to.span_ms() == (START_MS, share.plan.origins_ms[0])
    assert share.fitted_to.name == "fleet.parquet"
    assert len(share.fitted_to.table) == 2 * 348
