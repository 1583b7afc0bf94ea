"""What the demo plays."""

import numpy as np

from load.demo.scenario import (
    PART_MS,
    SPEED,
    FleetSpan,
    fleet_spec,
    history_parts,
    watched_from_ms,
    watched_span,
    worker_settings,
)
from load.generate.fleet import Fleet, generate_fleet
from load.generate.spec import DAY_MS, HOUR_MS
from streams.settings.model import Settings

FLEET = generate_fleet(fleet_spec(seed=1, hosts=2, services=3, volumes=3))


def rows(*spans: FleetSpan | Fleet) -> tuple[list[int], list[float]]:
    tables = [table for span in spans for table in span.tables(1_000)]
    times = np.concatenate([table.timestamp_ms for table in tables])
    return times.tolist(), np.concatenate([table.value for table in tables]).tolist()


def test_history_and_what_follows_are_the_whole_fleet_without_repeats() -> None:
    assert rows(*history_parts(FLEET), watched_span(FLEET)) == rows(FLEET)


def test_parts_are_in_order_and_say_their_span() -> None:
    parts = [*history_parts(FLEET), watched_span(FLEET)]
    assert [part.stop_ms for part in parts[:-1]] == [part.start_ms for part in parts[1:]]
    assert max(part.stop_ms - part.start_ms for part in parts[:-1]) == PART_MS
    times, _ = rows(parts[0])
    assert (times[0], times[-1]) == parts[0].span_ms()


def test_watching_begins_shortly_before_the_outage_and_hours_before_a_volume_is_full() -> None:
    begin_ms = watched_from_ms(FLEET.spec)
    (outage,) = [incident for incident in FLEET.truth.incidents if incident.kind == "outage"]
    full_ms = min(exhaustion.at_ms for exhaustion in FLEET.truth.exhaustions if exhaustion.cause == "filling")
    assert 0 < outage.start_ms - begin_ms <= 10 * 1000 * SPEED  # seconds to wait, times speed
    assert 6 * HOUR_MS < full_ms - begin_ms < DAY_MS


def test_the_workers_configuration_is_valid_and_its_rules_find_their_metrics() -> None:
    settings = Settings.model_validate(worker_settings("127.0.0.1:1", "p", "t"))
    metrics = {key.metric for key in FLEET.series}
    named = [rule.metric for rule in settings.capacity] + [rule.metric for rule in settings.failures]
    named += [rule.limit.metric for rule in settings.capacity if rule.limit.metric is not None]
    assert set(named) <= metrics
    assert settings.sources[0].step_ms == FLEET.spec.step_ms
