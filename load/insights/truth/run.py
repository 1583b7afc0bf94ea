"""Generated fleets through the backtest, for the insights to be scored against what really happens in them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console

from load.backtest.choices import Choices, backtest_settings
from load.backtest.events_file import events_of
from load.backtest.plan import plan_of
from load.backtest.run import run_backtest
from load.generate.cases.cascades import KIND as CASCADE
from load.generate.cases.family import CASE
from load.generate.fleet import Fleet, generate_fleet
from load.generate.rules import RULES
from load.generate.signal import ENTITY_LABELS
from load.generate.spec import DAY_MS, HOUR_MS, MINUTE_MS, START_MS_DEFAULT, FleetSpec
from load.replay.progress import shown_on
from streams.series import SeriesKey
from streams.settings.model import Settings

EMIT_MS = 2 * HOUR_MS
EVENTS_FILE = "events.jsonl"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A fleet, which of its series are looked at, and whether rules are."""

    spec: FleetSpec
    keeps: Callable[[SeriesKey], bool]
    has_rules: bool


def _case(key: SeriesKey) -> str | None:
    """The case that a series is of; None for the rest of the fleet."""
    return dict(key.labels).get(CASE)


WEEKS = Scenario(
    FleetSpec(
        seed=7,
        hosts=3,
        services=4,
        volumes=3,
        days=11.0,
        step_ms=10 * MINUTE_MS,
        start_ms=START_MS_DEFAULT + 3 * DAY_MS,
        cases=3,
    ),
    keeps=lambda key: _case(key) != CASCADE,
    has_rules=True,
)
"""For capacity, failures and anomalies: from a Thursday on, so that one weekend is known when the second comes."""

DAYS = Scenario(
    FleetSpec(seed=7, hosts=4, services=4, volumes=1, days=2.0, cases=3),
    keeps=lambda key: _case(key) in (CASCADE, None),
    has_rules=False,
)
"""For incidents, which are a matter of minutes."""


def settings_of(scenario: Scenario, fleet: Fleet) -> Settings:
    """The settings that the truth's rules and calls belong to."""
    step_ms = scenario.spec.step_ms
    sections: dict[str, Any] = {
        "sources": [{"topic": "telemetry", "entity": sorted(ENTITY_LABELS), "step": f"{step_ms // 1000}s"}],
        "forecast": {"emit_every": max(1, EMIT_MS // step_ms)},
        "dependencies": [{"caller": call.caller, "callee": call.callee} for call in fleet.truth.calls],
    }
    return Settings.model_validate(sections | (RULES if scenario.has_rules else {}))


def run_fleet(scenario: Scenario, out: Path, console: Console) -> Fleet:
    """Make the fleet, and let the backtest write its files to a folder, which is made."""
    out.mkdir(parents=True, exist_ok=True)
    fleet = _kept(generate_fleet(scenario.spec), scenario)
    settings = backtest_settings(settings_of(scenario, fleet), Choices())
    events_file = out / EVENTS_FILE
    events_file.write_bytes(b"".join([orjson.dumps(event) + b"\n" for event in fleet.event_messages()]))
    # Forecasts are judged elsewhere: one origin.
    plan = plan_of(fleet.span_ms(), scenario.spec.step_ms, settings.forecast.horizon, 1)
    with shown_on(console, fleet.span_ms()) as progress:
        run_backtest(
            fleet,
            settings,
            plan,
            out,
            records=False,
            compared=0,
            events=events_of(events_file, settings),
            progress=progress,
        )
    return fleet


def _kept(fleet: Fleet, scenario: Scenario) -> Fleet:
    columns = [column for column, key in enumerate(fleet.series) if scenario.keeps(key)]
    return replace(fleet, series=[fleet.series[column] for column in columns], values=fleet.values[:, columns])
