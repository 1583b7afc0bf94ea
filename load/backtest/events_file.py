"""A file of events: one message a line, as the events topic takes them."""

from pathlib import Path

from load.backtest.errors import BacktestError
from streams.events import EventRecord
from streams.ingest.events import read_events
from streams.records import InputRecord
from streams.settings.model import Settings


def events_of(path: Path, settings: Settings) -> list[EventRecord]:
    """The events of a file, in its order; what a worker would reject is an error here. Empty lines count as nothing."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise BacktestError(f"{path}: can't be read: {error.strerror}") from error
    messages = [InputRecord(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    events = read_events((settings.topics.events, 0), messages, settings.limits)
    if events.refused:
        listed = [f"{path}, line {refusal.offset}: {refusal.fault.detail}" for refusal in events.refused]
        raise BacktestError("\n".join(listed))
    return events.taken
