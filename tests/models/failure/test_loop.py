"""The failure bank against a loop over plain floats."""

import numpy as np
import pytest

from models.failure.bank import FailureBank
from models.failure.tracks import HORIZONS, UNUSED
from tests.models.failure.loop import Loop
from tests.models.slotwise import histories

SLOTS = 8
GIVEN = histories(slots=SLOTS, samples=500, seed=5)
STEP_MS = [int(np.median(np.diff([t for t, _ in history]))) for history in GIVEN]


@pytest.mark.parametrize("slot", range(SLOTS))
def test_a_slot_says_what_the_loop_says(slot: int) -> None:
    step_ms, at, every = STEP_MS[slot], np.array([slot]), 1 + slot % 3
    # The last rule's own horizon is a standard one, whose place is then unused.
    for_ms, within_ms = (1 + slot % 4) * step_ms, 3_600_000 if slot == SLOTS - 1 else (4 + slot) * step_ms
    threshold, direction = (54.0, 1) if slot % 2 else (46.0, -1)
    bank, loop = FailureBank(SLOTS), Loop(threshold, direction, for_ms, within_ms)
    bank.reset(at, np.array([threshold]), np.array([direction]), np.array([for_ms]), np.array([within_ms]))
    rng, compared = np.random.default_rng(slot), 0
    for n, (now_ms, value) in enumerate(GIVEN[slot]):
        bank.update(at, np.array([now_ms]), np.array([value]), np.array([step_ms]))
        loop.update(now_ms, value, step_ms)
        if n % every and n < len(GIVEN[slot]) - 1:
            continue
        paths = np.sort(rng.random(HORIZONS))
        paths[rng.integers(1, HORIZONS + 1) :] = np.nan
        said = bank.publish(at, np.array([now_ms]), paths[np.newaxis], np.array([every * step_ms]))
        track = loop.tracks[loop.own]
        weight = track.weight(float(paths[loop.own]), every * step_ms)
        p = loop.publish(paths.tolist(), every * step_ms)
        assert said.p[0] == pytest.approx(p[loop.own], rel=1e-4)
        assert said.path_weight[0] == pytest.approx(weight, rel=1e-4, nan_ok=True)
        assert (said.looks_settled[0], said.events_seen[0]) == (len(track.settled), loop.events)
        assert (said.warnings[0], said.warnings_right[0]) == (loop.warnings, loop.right)
        assert said.brier[0] == pytest.approx(track.brier(), rel=1e-3, nan_ok=True)
        assert said.base_brier[0] == pytest.approx(track.base_brier(), rel=1e-3, nan_ok=True)
        compared += len(track.settled) > 0
    assert compared > 50
    used = bank.arrays["within_ms"][slot] != UNUSED
    assert bank.arrays["looks_settled"][slot][used].tolist() == [len(each.settled) for each in loop.tracks]
    for name in ("path_error", "frequency_error"):
        assert bank.arrays[name][slot][used] == pytest.approx([getattr(each, name) for each in loop.tracks], rel=1e-3)
