"""Episodes and settled frequencies, with the arithmetic shown."""

from collections.abc import Iterable

import numpy as np
import pytest

from models.failure.bank import FailureBank
from models.failure.tracks import HORIZONS, standard_places

MINUTE_MS = 60_000
START_MS = 1_700_000_000_000 // (720 * MINUTE_MS) * (720 * MINUTE_MS)
SLOT = np.zeros(1, np.int64)


NO_PATHS = np.full((1, HORIZONS), np.nan)


class Service:
    """One slot: above 0.05 for 5 minutes is an episode, predicted 12 minutes ahead, a look every 4 minutes.

    What is predicted is published with each sample, and there is no forecast.
    """

    def __init__(self, direction: int = 1) -> None:
        self.bank = FailureBank(1)
        rule = (np.array([x], np.int64) for x in (5 * MINUTE_MS, 12 * MINUTE_MS))
        self.bank.reset(SLOT, np.array([0.05]), np.array([direction]), *rule)
        self.minute = 0

    def see(self, values: Iterable[float], step: int = 1) -> "Service":
        """Samples `step` minutes apart."""
        for value in values:
            time_ms = np.array([START_MS + self.minute * MINUTE_MS], np.int64)
            step_ms = np.array([step * MINUTE_MS])
            self.bank.update(SLOT, time_ms, np.array([value]), step_ms)
            self.said = self.bank.publish(SLOT, time_ms, NO_PATHS, step_ms)
            self.minute += step
        return self

    def be_silent(self, minutes: int) -> "Service":
        self.minute += minutes
        return self

    def says(self, name: str) -> float:
        return float(getattr(self.said, name)[0])


GOOD, BAD = 0.01, 0.2
HALF = 2.0**-10


def test_an_episode_opens_with_the_sample_that_completes_its_duration() -> None:
    # Five samples of one minute each make five minutes.
    service = Service().see([GOOD] + [BAD] * 4)
    assert (service.says("breaking"), service.says("events_seen")) == (0.0, 0.0)
    service.see([BAD])
    assert (service.says("breaking"), service.says("events_seen"), service.says("p")) == (1.0, 1.0, 1.0)


def test_one_right_sample_breaks_the_run_and_ends_the_episode() -> None:
    assert Service().see([BAD] * 4 + [GOOD] + [BAD] * 4).says("events_seen") == 0.0
    service = Service().see([BAD] * 5 + [GOOD])
    assert service.says("breaking") == 0.0
    assert service.see([BAD] * 5).says("events_seen") == 2.0


def test_the_threshold_itself_is_right() -> None:
    assert Service().see([0.05] * 10).says("events_seen") == 0.0


def test_below_is_mirrored() -> None:
    assert Service(direction=-1).see([GOOD] * 5).says("breaking") == 1.0
    assert Service(direction=-1).see([BAD] * 9).says("events_seen") == 0.0


def test_a_step_as_long_as_the_duration_makes_an_episode_at_once() -> None:
    assert Service().see([BAD], step=5).says("breaking") == 1.0


def test_a_lost_sample_ends_nothing_but_a_longer_silence_does() -> None:
    # Silent for 5 minutes, as long as the duration: bridged, and the run is 2 + 5 + 1 minutes long.
    assert Service().see([BAD] * 2).be_silent(5).see([BAD]).says("breaking") == 1.0
    # One minute more: a new run.
    service = Service().see([BAD] * 2).be_silent(6).see([BAD])
    assert service.says("breaking") == 0.0
    assert service.see([BAD] * 4).says("events_seen") == 1.0


def test_with_long_steps_one_lost_sample_ends_nothing_and_two_do() -> None:
    # Ten-minute steps: a lost sample is ten minutes of silence.
    assert Service().see([BAD], step=10).be_silent(10).see([BAD], step=10).says("events_seen") == 1.0
    # After twenty nobody knows whether the episode lasted: the next wrong sample opens another.
    assert Service().see([BAD], step=10).be_silent(20).see([BAD], step=10).says("events_seen") == 2.0


def test_before_any_settled_look_it_is_the_prior_and_says_so() -> None:
    service = Service().see([GOOD] * 12)
    assert (service.says("p"), service.says("is_prior"), service.says("looks_settled")) == (0.01, 1.0, 0.0)
    assert np.isnan(service.says("brier"))


def test_quiet_looks_settle_as_misses_when_their_window_has_passed() -> None:
    # Looks at minutes 0, 4, ...; those of 0, 4, 8 are 12 minutes old by minute 20.
    service = Service().see([GOOD] * 21)
    assert (service.says("looks_settled"), service.says("is_prior")) == (3.0, 0.0)
    # Each had said 0.01, and nothing came: 0.01². What waits is kept in half precision.
    assert service.says("brier") == pytest.approx(1e-4, rel=HALF)
    # Faded looks: 1 + k + k², k = 0.999. Overall: f = 12 x 0.01 / (looks + 12) = 0.008; p = 1 / (looks + 1 / f).
    looks = 1.0 + 0.999 + 0.999**2
    assert service.says("p") == pytest.approx(1.0 / (looks + (looks + 12.0) / 0.12))


def test_an_opening_settles_every_pending_look_as_a_hit() -> None:
    # Looks at minutes 0, 4, 8; the episode opens at minute 9 (run 5..9), within 12 minutes of each.
    service = Service().see([GOOD] * 5 + [BAD] * 5)
    assert service.says("looks_settled") == 3.0
    # Each said 0.01, before anything was settled: (1 - 0.01)².
    assert service.says("brier") == pytest.approx(0.9801, rel=HALF)


def test_no_look_is_taken_inside_an_episode() -> None:
    # The one of minute 0; at minute 4 it opens.
    assert Service().see([BAD] * 100).says("looks_settled") == 1.0


def test_an_opening_at_the_very_end_of_the_window_is_a_hit() -> None:
    # Look at minute 0 alone matters: the run 8..12 opens at minute 12 = 0 + 12. Looks 0, 4, 8 all hit.
    service = Service().see([GOOD] * 8 + [BAD] * 5)
    assert service.says("looks_settled") == 3.0
    assert service.says("brier") == pytest.approx(0.9801, rel=HALF)
    # A minute later the look of minute 0 has missed, and those of 4, 8, 12 hit: (0.01² + 3 x 0.99²) / 4; the look of
    # minute 12 knew of the miss, and said a little less than 0.01.
    later = Service().see([GOOD] * 9 + [BAD] * 5)
    assert later.says("looks_settled") == 4.0
    assert later.says("brier") == pytest.approx((0.01**2 + 3 * 0.99**2) / 4, abs=6e-4)


def test_looks_whose_outcome_a_silence_hides_are_dropped() -> None:
    service = Service().see([GOOD] * 12).be_silent(30).see([GOOD])
    assert service.says("looks_settled") == 0.0


def test_a_service_that_breaks_every_half_hour_is_known_to() -> None:
    # 30 minutes: 25 right, 5 wrong, over and over. Of the looks of a cycle, those at minutes 17..28 come before the
    # opening at 29 by 12 minutes or less: with none inside the episode, 12 of 29 looks hit.
    service = Service()
    for _ in range(60):
        service.see([GOOD] * 25 + [BAD] * 5)
    assert service.says("events_seen") == 60.0
    # The running violation, and nothing else, tells the last minutes before an opening.
    calm = service.see([GOOD] * 3).says("p")
    close = service.see([GOOD] * 22 + [BAD] * 4).says("p")
    assert calm < 0.05
    assert close > 0.85
    assert service.says("brier") < 0.6 * service.says("base_brier")
    # 12/29 x 17/29 = 0.243 is what the plain frequency earns at best.
    assert service.says("base_brier") == pytest.approx(0.243, abs=0.02)


def test_a_mended_service_is_relearned() -> None:
    service = Service()
    for _ in range(40):
        service.see([GOOD] * 25 + [BAD] * 5)
    service.see([GOOD] * 60)
    before = service.says("p")
    service.see([GOOD] * 4000)
    assert service.says("p") < 0.2 * before


def test_a_reset_slot_forgets_everything_but_its_new_rule() -> None:
    used, fresh = Service().see([GOOD] * 20 + [BAD] * 9), Service()
    rule = (np.array([x], np.int64) for x in (5 * MINUTE_MS, 12 * MINUTE_MS))
    used.bank.reset(SLOT, np.array([0.05]), np.array([1]), *rule)
    assert all(used.bank.arrays[name].tobytes() == array.tobytes() for name, array in fresh.bank.arrays.items())


def _standard(service: Service, name: str) -> list[float]:
    found: list[float] = getattr(service.said, name)[0].tolist()
    return found


def test_every_rule_is_looked_at_a_quarter_of_an_hour_an_hour_and_a_day_ahead() -> None:
    service = Service()
    for _ in range(200):
        service.see([GOOD] * 25 + [BAD] * 5)
    calm = service.see([GOOD] * 8)
    # It opens at minute 29 of each half hour, 22 minutes from now: not within 15, surely within 60 and 1440.
    near, hour, day = _standard(calm, "p_standard")
    assert near < 0.15
    assert hour > 0.95
    assert day > 0.95
    # Looks every 5 minutes outside the episodes: at 0, 5, ... 25; the three of a quarter of an hour before it hit.
    assert _standard(calm, "settled_standard")[0] == pytest.approx(200 * 6, abs=3)
    assert _standard(calm, "brier_standard")[0] < 0.75 * _standard(calm, "base_brier_standard")[0]


def test_a_further_horizon_is_never_less_likely() -> None:
    service = Service()
    rng = np.random.default_rng(3)
    for _ in range(300):
        service.see(rng.choice([GOOD, BAD], 5, p=[0.45, 0.55]).tolist())
        chances = [service.says("p"), *_standard(service, "p_standard")]
        assert chances == sorted(chances)


def test_a_rule_s_own_horizon_that_is_a_standard_one_is_kept_once() -> None:
    bank = FailureBank(3)
    own_ms = np.array([15, 60, 90]) * MINUTE_MS
    bank.reset(np.arange(3), np.zeros(3), np.ones(3, np.int64), np.zeros(3, np.int64), own_ms)
    hours = bank.arrays["within_ms"] / (60 * MINUTE_MS)
    assert hours.tolist() == [[0.25, 1, 24, 0], [0.25, 1, 24, 0], [0.25, 1, 1.5, 24]]
    assert bank.arrays["own"].tolist() == [0, 1, 2]
    assert standard_places(bank.arrays["own"].astype(np.int64), bank.arrays["within_ms"]).tolist() == [
        [0, 1, 2],
        [0, 1, 2],
        [0, 1, 3],
    ]


def test_reliability_counts_looks_by_tenths_of_what_was_said() -> None:
    # Looks 0, 4, 8 of quiet minutes said 0.01 each, and nothing came.
    predicted = Service().see([GOOD] * 21).said
    assert predicted.bin_looks[0].tolist() == [3] + [0] * 9
    assert predicted.bin_p[0, 0] == pytest.approx(0.03, rel=HALF)
    # An opening: the same three said 0.01, and it came.
    predicted = Service().see([GOOD] * 5 + [BAD] * 5).said
    assert predicted.bin_hits[0].tolist() == [3] + [0] * 9


def test_a_forecast_of_half_an_hour_s_rhythm_is_reliable() -> None:
    service = Service()
    for _ in range(200):
        service.see([GOOD] * 25 + [BAD] * 5)
    predicted = service.said
    looks, hits, said = predicted.bin_looks[0], predicted.bin_hits[0], predicted.bin_p[0]
    assert abs(said.sum() - hits.sum()) < 0.05 * looks.sum()
    assert looks.sum() == predicted.looks_settled[0]
