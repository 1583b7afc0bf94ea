"""Options and words of the verb `event`."""

import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import click

from streams.cli.moments import NOW, parse_moment
from streams.events import Event
from streams.series import labels_of, labels_text
from streams.settings.instants import format_instant

Command = TypeVar("Command", bound=Callable[..., object])

MOMENT_FORMS = f"{NOW}, -10m, +2h, or RFC 3339"


def moment_option(name: str, default: str | None, about: str) -> Callable[[Command], Command]:
    """An option that is a moment; the command gets milliseconds since 1970, or None."""
    return click.option(
        f"--{name}",
        f"{name}_ms",
        metavar="MOMENT",
        default=default,
        show_default=default is not None,
        callback=_moment,
        help=f"{about}: {MOMENT_FORMS}.",
    )


def effect_option(name: str, about: str) -> Callable[[Command], Command]:
    """An option that overrides what follows from an event's kind."""
    return click.option(f"--{name}/--no-{name}", default=None, help=f"{about}; by default as its kind says.")


def labels_option(command: Command) -> Command:
    """The option ``--label``; the command gets a mapping."""
    return click.option(
        "--label",
        "labels",
        multiple=True,
        metavar="NAME=VALUE",
        callback=_labels,
        help="What series must have for it to be about them; may be given several times.",
    )(command)


def told(event: Event) -> str:
    """An event in a line, for people."""
    title = f": {event.title}" if event.title else ""
    return f"{event.kind} {event.id}, {_span(event)}, {_scope(event)}{title} ({_effects(event)})"


def _span(event: Event) -> str:
    until = "not over yet" if event.end_ms is None else f"to {format_instant(event.end_ms)}"
    return f"{format_instant(event.start_ms)} {until}"


def _scope(event: Event) -> str:
    metric = "all metrics" if event.metric == "*" else event.metric
    return f"{metric} of {labels_text(labels_of(event.labels))}" if event.labels else metric


def _effects(event: Event) -> str:
    if event.cancelled:
        return "cancelled"
    effects = {"not learned": not event.learn, "suppressed": event.suppress, "judged by": event.judge}
    return ", ".join([words for words, holds in effects.items() if holds]) or "nothing follows"


def _moment(context: click.Context, _parameter: click.Parameter, text: str | None) -> int | None:
    if text is None or context.resilient_parsing:
        return None
    try:
        return parse_moment(text, time.time_ns() // 1_000_000)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _labels(_context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> dict[str, str]:
    return dict(_pairs(texts))


def _pairs(texts: tuple[str, ...]) -> Iterator[Any]:
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise click.BadParameter(f"{text!r} is no label; write it as host=a")
        yield name, value
