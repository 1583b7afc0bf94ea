"""Time zones: which there are, and what a name that is none may have meant."""

import pytest

from streams.settings.zones import check_zone_name, zone_info, zone_names


def test_every_name_has_its_rules() -> None:
    assert len(zone_names()) > 500
    assert {zone_info(name).key for name in zone_names()} == zone_names()


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"])
def test_knows(name: str) -> None:
    assert check_zone_name(name) == name


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("utc", "UTC"),
        ("../zones", None),
        ("zzzz", None),
    ],
)
def test_a_name_that_is_none_is_refused_with_the_nearest(name: str, meant: str | None) -> None:
    with pytest.raises(ValueError, match="must be a time zone of the IANA list") as refused:
        check_zone_name(name)
    assert str(refused.value).partition("; ")[2] == (f"did you mean {meant}?" if meant else "")
