"""What a configuration says that can't have been meant, though it can be done."""

from collections.abc import Iterator

from streams.settings.durations import format_duration
from streams.settings.errors import Problem
from streams.settings.model import Settings


def doubts(settings: Settings) -> list[Problem]:
    """Contradictions between settings, each at the place to look at first."""
    return [*_spans_without_a_sample(settings), *_tickets_after_pages(settings), *_lives_without_quiet(settings)]


def _spans_without_a_sample(settings: Settings) -> Iterator[Problem]:
    """Only where every source has its step: which source a rule's metric comes from is not known."""
    steps_ms = [source.step_ms for source in settings.sources]
    known_ms = [step_ms for step_ms in steps_ms if step_ms is not None]
    if len(known_ms) < len(steps_ms):
        return
    shortest_ms = min(known_ms)
    step = f"the shortest step of a source, {format_duration(shortest_ms)}"
    for place, rule in enumerate(settings.failures):
        for key, span_ms in (("for", rule.for_ms), ("within", rule.within_ms)):
            if span_ms < shortest_ms:
                yield Problem(f"failures[{place}].{key}", f"{format_duration(span_ms)} is below {step}")


def _tickets_after_pages(settings: Settings) -> Iterator[Problem]:
    alerting = settings.alerting
    for name, alerts in (("capacity", alerting.capacity), ("failures", alerting.failures)):
        page_ms, ticket_ms = alerts.page_within_ms, alerts.ticket_within_ms
        if page_ms is not None and ticket_ms is not None and page_ms > ticket_ms:
            spans = f"{format_duration(page_ms)} is longer than ticket_within, {format_duration(ticket_ms)}"
            yield Problem(f"alerting.{name}.page_within", f"{spans}: people are paged of what is further away")


def _lives_without_quiet(settings: Settings) -> Iterator[Problem]:
    incidents = settings.incidents
    if incidents.quiet_ms > incidents.life_ms:
        spans = f"{format_duration(incidents.quiet_ms)} is longer than life, {format_duration(incidents.life_ms)}"
        yield Problem("incidents.quiet", f"{spans}: every incident ends by that, and none by quiet")
