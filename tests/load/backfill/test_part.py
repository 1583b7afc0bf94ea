"""Parts of recordings, and the messages that a topic lacks."""

import numpy as np
import pytest

from load.backfill.errors import SeamError
from load.backfill.part import Missing, Part
from load.backfill.seam import Held, refuse_gap, refuse_later_samples, resumed_from_ms
from load.generate.fleet import generate_fleet
from load.generate.spec import HOUR_MS, MINUTE_MS, FleetSpec
from load.recordings.table import SampleTable
from load.replay.catalogue import SeriesCatalogue
from load.replay.messages import encoder_for
from streams.series import SeriesKey

SPEC = FleetSpec(seed=5, hosts=2, services=1, volumes=1, days=0.25)


def test_a_part_is_what_lies_between() -> None:
    fleet = generate_fleet(SPEC)
    begin, end = SPEC.start_ms + HOUR_MS, SPEC.start_ms + 2 * HOUR_MS
    part = Part(fleet, begin, end)
    times = np.concatenate([table.timestamp_ms for table in part.tables(500)])
    everything = np.concatenate([table.timestamp_ms for table in fleet.tables(500)])
    assert times.tolist() == everything[(everything >= begin) & (everything < end)].tolist()
    assert part.span_ms() == (begin, end - 1)


def test_what_is_there_is_not_sent_again_and_its_last_instant_is() -> None:
    series = [SeriesKey("cpu", (("host", name),)) for name in "abcdef"]
    table = SampleTable(series, np.tile(np.arange(6), 3), np.repeat([0, 60, 120], 6), np.ones(18))
    encoder = encoder_for(1, SeriesCatalogue(frozenset({"host"}), 3))
    sent = [message for messages in Missing(encoder, {0: None, 1: 60}).encode(table) for message in messages]
    assert {message.event_ms for message in sent if message.partition == 0} <= {0, 60, 120}
    assert {message.event_ms for message in sent if message.partition == 1} <= {60, 120}
    whole = [message for messages in encoder.encode(table) for message in messages]
    assert [message for message in whole if message.partition != 1 or message.event_ms >= 60] == sent
    assert len(sent) < len(whole)


def held(*newest_ms: int | None, first_ms: int | None = None) -> Held:
    return Held(dict(enumerate(newest_ms)), first_ms)


def test_where_it_goes_on() -> None:
    assert resumed_from_ms(held(50, 30, 40), 10) == 30
    assert resumed_from_ms(held(50, None), 10) == 10, "an empty partition may lack everything"
    assert resumed_from_ms(held(None, None), 10) == 10
    assert resumed_from_ms(held(50, 30), 35) == 35
    assert resumed_from_ms(Held({}, None), 10) == 10


def test_history_behind_what_is_newer_is_refused() -> None:
    refuse_later_samples(held(None, None), 0, "telemetry")
    refuse_later_samples(held(MINUTE_MS - 1), MINUTE_MS, "telemetry")
    with pytest.raises(SeamError, match="be late"):
        refuse_later_samples(held(None, MINUTE_MS), MINUTE_MS, "telemetry")


def test_a_gap_is_refused() -> None:
    refuse_gap(held(90, first_ms=MINUTE_MS - 1), MINUTE_MS, "live")
    with pytest.raises(SeamError, match="would be a gap"):
        refuse_gap(held(90, first_ms=MINUTE_MS), MINUTE_MS, "live")
    with pytest.raises(SeamError, match="no sample yet"):
        refuse_gap(held(None), MINUTE_MS, "live")
