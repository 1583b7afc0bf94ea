"""Anchors, and how horizons lie between them."""

import numpy as np
import pytest

from models.forecast.horizons import ANCHORS_MAX, HORIZON_MAX, NOT_AN_ANCHOR, Horizons


@pytest.mark.parametrize("steps", [1, 2, 11, 12, 13, 48, 288, HORIZON_MAX])
def test_anchors_reach_from_one_to_the_horizon(steps: int) -> None:
    horizons = Horizons(steps)
    anchors = horizons.anchors.tolist()
    assert anchors[0] == 1
    assert anchors[-1] == steps
    assert len(anchors) == len(set(anchors)) <= ANCHORS_MAX
    assert horizons.anchor_of[anchors].tolist() == list(range(len(anchors)))
    assert np.count_nonzero(horizons.anchor_of != NOT_AN_ANCHOR) == len(anchors)
    assert horizons.anchor_of[[0, -1]].tolist() == [NOT_AN_ANCHOR] * 2


def test_horizons_lie_between_anchors_in_proportion() -> None:
    horizons = Horizons(48)
    ahead = np.arange(1, 60)
    at = horizons.between(ahead)
    read = (1 - at.share) * horizons.anchors[at.left] + at.share * horizons.anchors[at.right]
    np.testing.assert_allclose(read, np.minimum(ahead, 48))
    at_anchors = np.stack([horizons.anchors, -horizons.anchors], axis=1)[None]
    np.testing.assert_array_equal(at.read(at_anchors), np.stack([read, -read], axis=1)[None])


@pytest.mark.parametrize("asked", [[1, 2, 3], [1, 2, 4], [2], [1, 48], list(range(1, 49))])
def test_what_is_read_at_an_anchor_is_what_is_there(asked: list[int]) -> None:
    horizons = Horizons(48)
    at_anchors = np.sqrt(horizons.anchors.astype(np.float64))[None]
    places = [asked.index(ahead) for ahead in asked if ahead in horizons.anchors]
    read = horizons.between(np.array(asked)).read(at_anchors)
    assert read.shape == (1, len(asked))
    assert read[0, places].tolist() == [float(np.sqrt(asked[place])) for place in places]
