"""A generated fleet through the backtest, for the insights to be scored against what really happens in it."""

from pathlib import Path

import orjson
from rich.console import Console

from load.backtest.choices import Choices, backtest_settings
from load.backtest.events_file import events_of
from load.backtest.plan import plan_of
from load.backtest.run import run_backtest
from load.generate.fleet import Fleet, generate_fleet
from load.generate.rules import RULES
from load.generate.signal import ENTITY_LABELS
from load.generate.spec import DAY_MS, HOUR_MS, MINUTE_MS, START_MS_DEFAULT, FleetSpec
from load.replay.progress import shown_on
from streams.settings.model import Settings

SPEC = FleetSpec(
    seed=7,
    hosts=3,
    services=4,
    volumes=3,
    days=11.0,
    step_ms=10 * MINUTE_MS,
    start_ms=START_MS_DEFAULT + 3 * DAY_MS,
    cases=3,
)
"""Small enough for every run of the tests; from a Thursday on, so that one weekend is known when the second comes."""

EMIT_MS = 2 * HOUR_MS
EVENTS_FILE = "events.jsonl"


def truth_settings(spec: FleetSpec) -> Settings:
    """The settings that the truth's rules belong to."""
    source = {"topic": "telemetry", "entity": sorted(ENTITY_LABELS), "step": f"{spec.step_ms // 1000}s"}
    return Settings.model_validate(
        {"sources": [source], "forecast": {"emit_every": max(1, EMIT_MS // spec.step_ms)}, **RULES}
    )


def run_fleet(spec: FleetSpec, out: Path, console: Console) -> Fleet:
    """Make the fleet, and let the backtest write its files to a folder that is there."""
    fleet = generate_fleet(spec)
    settings = backtest_settings(truth_settings(spec), Choices())
    events_file = out / EVENTS_FILE
    events_file.write_bytes(b"".join([orjson.dumps(event) + b"\n" for event in fleet.event_messages()]))
    # Forecasts are judged elsewhere: one origin.
    plan = plan_of(fleet.span_ms(), spec.step_ms, settings.forecast.horizon, 1)
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
