"""Fails when an installed release differs from the one whose private parts we rely on."""

from importlib.metadata import version

import pytest

from streams.edge.touchpoints import RECORDED_RELEASES, TOUCH_POINTS, TouchPoint, installed_digest
from streams.edge.touchpoints_group import GROUP_TOUCH_POINTS

ALL_POINTS = (*TOUCH_POINTS, *GROUP_TOUCH_POINTS)


@pytest.mark.parametrize("point", ALL_POINTS, ids=lambda point: point.place)
def test_a_private_part_is_as_it_was_recorded(point: TouchPoint) -> None:
    assert installed_digest(point.place) == point.digest, (
        f"{point.place} changed since it was recorded ({point.line}).\n"
        f"Read what it does now and check that this still holds: {point.relies_on}.\n"
        f"Then run the integration tests and record its digest where it is listed."
    )


@pytest.mark.parametrize("distribution", RECORDED_RELEASES)
def test_the_recorded_release_is_installed(distribution: str) -> None:
    assert version(distribution) == RECORDED_RELEASES[distribution]


def test_a_changed_source_has_another_digest() -> None:
    places = [point.place for point in ALL_POINTS]
    assert len({installed_digest(place) for place in places}) == len(set(places)) == len(places)
