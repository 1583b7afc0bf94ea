"""The verb `event`: say what you know of a time, change it, and see what is known."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import click
import orjson

from streams.cli.errors import ExitCode, UserError
from streams.cli.event_options import effect_option, labels_option, moment_option, told
from streams.cli.moments import NOW
from streams.cli.options import settings_option
from streams.codecs.events import decode_event, event_message
from streams.codecs.faults import Fault
from streams.edge.events_topic import PARTITION, read_event_messages, send_event
from streams.events import Event
from streams.ingest.events import read_events
from streams.schema import EventKind
from streams.settings.model import Settings

ABOUT = {
    EventKind.INCIDENT: "Something served badly: not learned, and predictions are judged by it.",
    EventKind.FAILURE: "Something broke: not learned, and predictions are judged by it.",
    EventKind.MAINTENANCE: "What is done to it on purpose: not learned, and alarms are suppressed.",
    EventKind.DEPLOY: "A new version: learned; alarms are suppressed to its end, by default for 15 minutes.",
    EventKind.EXCLUDE: "Any other time that is not to be learned.",
}
assert ABOUT.keys() == set(EventKind)


class EventError(UserError):
    """An event that can't be, or that is not there."""

    exit_code = ExitCode.USAGE


@click.group()
def event() -> None:
    """Tell of incidents, failures, maintenance and deploys, and list what was told.

    An event holds for the samples that come after it: announce maintenance before it begins.
    """


def _teller(kind: EventKind) -> click.Command:
    """The command that tells of an event of one kind."""

    @settings_option
    @click.option("--id", "event_id", required=True, help="Its name; another event of the same one takes its place.")
    @moment_option("start", NOW, "When it begins")
    @moment_option("end", None, "When it is over; may be told later")
    @click.option("--metric", default="*", show_default=True, help="A pattern of the metrics that it is about.")
    @labels_option
    @click.option("--text", "title", default="", help="What it is, for people.")
    @effect_option("learn", "Whether samples of its time are learned")
    @effect_option("suppress", "Whether predictions of its time are marked as not to be alarmed of")
    @effect_option("judge", "Whether predictions are judged by it")
    def tell(settings: Settings, event_id: str, start_ms: int, end_ms: int | None, **fields: Any) -> None:
        told_of = {"id": event_id, "kind": kind, "start": start_ms, "end": end_ms, **fields}
        _send(settings, _checked(settings, orjson.dumps(told_of)))

    return click.command(str(kind), help=ABOUT[kind])(tell)


for _kind in EventKind:
    event.add_command(_teller(_kind))


@event.command()
@settings_option
@click.argument("event_id", metavar="ID")
@moment_option("end", NOW, "When it was over")
def close(settings: Settings, event_id: str, end_ms: int) -> None:
    """Say that an event is over."""
    known = _known(settings, event_id)
    if known.cancelled:
        raise EventError(f"event {event_id!r} was cancelled; tell of it again if it was one after all")
    _send(settings, _checked(settings, event_message(replace(known, end_ms=end_ms))))


@event.command()
@settings_option
@click.argument("event_id", metavar="ID")
def cancel(settings: Settings, event_id: str) -> None:
    """Say that an event never was: nothing follows from it any more."""
    _send(settings, replace(_known(settings, event_id), cancelled=True))


@event.command(name="list")
@settings_option
@click.option("--json", "as_json", is_flag=True, help="One message a line, as `backtest --events` reads them.")
def list_(settings: Settings, as_json: bool) -> None:
    """List the events that the topic holds, the newest message of each, by their start."""
    for one in sorted(_newest(settings).values(), key=lambda one: (one.start_ms, one.id)):
        click.echo(event_message(one).decode() if as_json else told(one))


def _checked(settings: Settings, message: bytes) -> Event:
    """The event as a worker would read it."""
    read = decode_event(message, settings.limits)
    if isinstance(read, Fault):
        raise EventError(read.detail)
    return read


def _send(settings: Settings, one: Event) -> None:
    offset = asyncio.run(send_event(settings, one.id, event_message(one)))
    click.echo(f"{told(one)}\n{settings.topics.events}, offset {offset}")


def _known(settings: Settings, event_id: str) -> Event:
    found = _newest(settings).get(event_id)
    if found is None:
        raise EventError(f"no event {event_id!r} on {settings.topics.events}; `foreshock event list` shows all")
    return found


def _newest(settings: Settings) -> dict[str, Event]:
    """Of each id the newest event; says what a worker would not read."""
    messages = asyncio.run(read_event_messages(settings))
    events = read_events((settings.topics.events, PARTITION), messages, settings.limits)
    _complain(f"offset {refusal.offset}: {refusal.fault.detail}" for refusal in events.refused)
    return {record.event.id: record.event for record in events.taken}


def _complain(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(f"foreshock: no event at {line}", err=True)
