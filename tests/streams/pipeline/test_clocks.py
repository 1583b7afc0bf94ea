"""The tables of the settings against what they were made from: the rules of time zones, and the calendar."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendar.clocks import DAY_MS, DAYS
from streams.pipeline.clocks import clocks_of, days_of, zone_numbers, zone_table
from streams.pipeline.config import PipelineConfig
from streams.settings.calendar import CalendarClass
from streams.settings.days import format_day
from streams.settings.model import Settings
from streams.settings.sources import SourceSettings
from streams.settings.zones import zone_info

# With and without summer time, in both hemispheres; offsets of half and quarter hours; a summer time of half an hour; a
# day that was skipped; rules by the moon; offsets of odd seconds until 1972; changes a minute after midnight.
ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Kathmandu"),
    *("Pacific/Apia", "Africa/Casablanca", "Africa/Monrovia", "America/St_Johns"),
)
CLOCKS = clocks_of(ZONES, [])

MINUTE_MS = 60_000
LAST_MS = DAYS * DAY_MS - 1


def instant_ms(written: str) -> int:
    return (datetime.fromisoformat(written) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def wall(name: str, written: str) -> str:
    """What a clock in the zone shows at an instant."""
    local_ms = CLOCKS.local_ms(np.array([ZONES.index(name)]), np.array([instant_ms(written)]))
    return datetime.fromtimestamp(int(local_ms[0]) / 1000, UTC).strftime("%d %H:%M:%S")


@pytest.mark.parametrize(
    ("zone", "instant", "shown"),
    [
        # Spring in Berlin: 01:59:59 is followed by 03:00:00.
        ("Europe/Berlin", "2026-03-29T00:59:59Z", "29 01:59:59"),
        ("Europe/Berlin", "2026-03-29T01:00:00Z", "29 03:00:00"),
        # Autumn: the hour from 02:00 comes twice.
        ("Europe/Berlin", "2026-10-25T00:00:00Z", "25 02:00:00"),
        ("Europe/Berlin", "2026-10-25T00:59:59Z", "25 02:59:59"),
        ("Europe/Berlin", "2026-10-25T01:00:00Z", "25 02:00:00"),
        ("America/New_York", "2026-03-08T06:59:59Z", "08 01:59:59"),
        ("America/New_York", "2026-03-08T07:00:00Z", "08 03:00:00"),
        ("America/New_York", "2026-11-01T05:59:59Z", "01 01:59:59"),
        ("America/New_York", "2026-11-01T06:00:00Z", "01 01:00:00"),
        # Half an hour, in the southern spring and autumn.
        ("Australia/Lord_Howe", "2026-04-04T14:59:59Z", "05 01:59:59"),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z", "05 01:30:00"),
        ("Australia/Lord_Howe", "2026-10-03T15:29:59Z", "04 01:59:59"),
        ("Australia/Lord_Howe", "2026-10-03T15:30:00Z", "04 02:30:00"),
        ("Asia/Kolkata", "2026-10-25T00:00:00Z", "25 05:30:00"),
        # 30 December 2011 did not happen.
        ("Pacific/Apia", "2011-12-30T09:59:59Z", "29 23:59:59"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z", "31 00:00:00"),
        # Rules without an end hold to the end of the tables.
        ("Europe/Berlin", "2100-07-01T12:00:00Z", "01 14:00:00"),
    ],
)
def test_clocks_on_the_wall(zone: str, instant: str, shown: str) -> None:
    assert wall(zone, instant) == shown


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_tables_are_the_rules_at_any_instant(seed: int) -> None:
    random = np.random.default_rng(seed)
    zone, utc_ms = random.integers(len(ZONES), size=500), random.integers(0, LAST_MS, size=500)
    assert _offsets_s(zone, utc_ms) == _rules_s(zone, utc_ms)


@pytest.mark.parametrize("number", range(1, len(ZONES)))
def test_the_tables_are_the_rules_around_every_change(number: int) -> None:
    since_ms = zone_table(ZONES[number]).since_ms[1:]
    utc_ms = np.concatenate([since_ms - 1000, since_ms, since_ms + 1000])
    zone = np.full(len(utc_ms), number)
    assert _offsets_s(zone, utc_ms) == _rules_s(zone, utc_ms)


@pytest.mark.parametrize(
    ("name", "changes"), [("UTC", 0), ("Asia/Kolkata", 0), ("Asia/Tokyo", 0), ("Africa/Monrovia", 1)]
)
def test_zones_that_hardly_change_have_short_tables(name: str, changes: int) -> None:
    assert len(zone_table(name).since_ms) == 1 + changes


def _offsets_s(zone: Any, utc_ms: Any) -> list[float]:
    offsets_s: list[float] = ((CLOCKS.local_ms(zone, utc_ms) - utc_ms) / 1000).tolist()
    return offsets_s


def _rules_s(zone: Any, utc_ms: Any) -> list[float]:
    """The same, asked of the rules one by one."""
    infos = [zone_info(name) for name in ZONES]
    moments = [datetime.fromtimestamp(ms // 1000, infos[number]) for number, ms in zip(zone, utc_ms, strict=True)]
    offsets = [moment.utcoffset() for moment in moments]
    return [offset.total_seconds() for offset in offsets if offset is not None]


def _written(special: dict[str, Any], year: int) -> list[str]:
    days = days_of(CalendarClass.model_validate({"name": "x"} | special))
    return [text for day in days.tolist() if (text := format_day(day)).startswith(str(year))]


def test_dates_are_the_days_of_a_class() -> None:
    assert _written({"dates": [date(2026, 12, 25), "2026-01-01", "2027-01-01"]}, 2026) == ["2026-01-01", "2026-12-25"]


def test_the_last_days_of_a_month_follow_its_length() -> None:
    ends = _written({"last_days_of_month": 2}, 2028)
    assert len(ends) == 24
    assert ends[:4] == ["2028-01-30", "2028-01-31", "2028-02-28", "2028-02-29"]
    assert _written({"last_days_of_month": 1}, 2026)[1] == "2026-02-28"
    assert _written({"last_days_of_month": 1}, 2100)[-1] == "2100-12-31"


def test_the_first_days_of_a_month() -> None:
    begins = _written({"first_days_of_month": 3}, 2026)
    assert len(begins) == 36
    assert begins[2:5] == ["2026-01-03", "2026-02-01", "2026-02-02"]
    assert _written({"first_days_of_month": 1}, 1970)[0] == "1970-01-01"


def test_special_days_begin_and_end_with_the_zones_own_midnight() -> None:
    calendar = [CalendarClass.model_validate({"name": "christmas", "dates": ["2026-12-25"]})]
    clocks = clocks_of(["UTC", "Asia/Tokyo", "America/New_York"], calendar)
    zone = np.array([0, 0, 1, 1, 2, 2])
    begins = ["2026-12-25T00:00Z", "2026-12-26T00:00Z", "2026-12-24T15:00Z", "2026-12-25T15:00Z", "2026-12-25T05:00Z"]
    utc_ms = np.array([instant_ms(begin) for begin in [*begins, "2026-12-26T05:00Z"]])
    for shift_ms, classes in ((0, [1, 0, 1, 0, 1, 0]), (-MINUTE_MS, [0, 1, 0, 1, 0, 1])):
        assert clocks.day_class(zone, clocks.local_ms(zone, utc_ms + shift_ms)).tolist() == classes


def test_zones_are_numbered_by_name_whatever_the_order_of_the_sources() -> None:
    names = ["Europe/Berlin", "UTC", "Asia/Tokyo", "Europe/Berlin"]
    sources = [SourceSettings(topic=f"t{place}", timezone=name) for place, name in enumerate(names)]
    assert zone_numbers(sources) == zone_numbers(sources[::-1]) == {"UTC": 0, "Asia/Tokyo": 1, "Europe/Berlin": 2}


def test_a_pipeline_knows_the_zone_of_each_source() -> None:
    sources = [{"topic": "a", "timezone": "Europe/Berlin"}, {"topic": "b"}, {"topic": "c", "timezone": "Asia/Tokyo"}]
    config = PipelineConfig.from_settings(
        Settings.model_validate({"sources": sources, "calendar": [{"name": "x", "last_days_of_month": 1}]})
    )
    assert [config.zone(topic) for topic in ("a", "b", "c", "unknown")] == [2, 0, 1, 0]
    assert config.clocks.zones == 3
    noon_ms = instant_ms("2026-07-31T12:00Z")
    local_ms = config.clocks.local_ms(np.array([config.zone("a")]), np.array([noon_ms]))
    assert local_ms.tolist() == [noon_ms + 120 * MINUTE_MS]
    assert config.clocks.day_class(np.array([0]), local_ms).tolist() == [1]


def test_plain_settings_have_plain_clocks() -> None:
    config = PipelineConfig.from_settings(Settings.model_validate({"sources": [{"topic": "a"}]}))
    assert config.clocks.zones == 1
    assert not config.clocks.has_calendar
