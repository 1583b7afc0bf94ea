"""A configuration in words: what foreshock will do with it."""

from collections.abc import Iterator, Mapping

from streams.series import labels_of, labels_text
from streams.settings.calendar import CalendarClass
from streams.settings.days import format_day
from streams.settings.durations import format_duration
from streams.settings.hazards import HazardRule
from streams.settings.model import Settings
from streams.settings.objectives import Objective
from streams.settings.rules import CapacityLimit, CapacityRule, FailureRule
from streams.settings.scalers import Scaler
from streams.settings.sources import SourceSettings
from streams.topics import topic_plan


def summary(settings: Settings) -> list[str]:
    """Lines that say what the configuration means."""
    return [
        *_broker(settings),
        *_sources(settings),
        *_topics(settings),
        *_forecast(settings),
        *_calendar(settings),
        *_rules(settings),
        *_incidents(settings),
        *_scalers(settings),
    ]


def _broker(settings: Settings) -> Iterator[str]:
    broker = settings.broker
    yield f"broker: {', '.join(broker.bootstrap_servers)} ({broker.security_protocol})"


def _sources(settings: Settings) -> Iterator[str]:
    yield "sources:"
    yield from [f"  {source.topic}: {_reading(source)}" for source in settings.sources]


def _reading(source: SourceSettings) -> str:
    codec = "auto-detected messages" if source.codec == "auto" else f"{source.codec} messages"
    entity = f"entities by {', '.join(source.entity)}" if source.entity else "entities by all labels"
    step = "steps inferred" if source.step_ms is None else f"steps of {format_duration(source.step_ms)}"
    several = "first sample of a step counts" if source.aggregate is None else f"{source.aggregate} of each step"
    return "; ".join([codec, entity, step, several, f"days of {source.timezone}"])


def _topics(settings: Settings) -> Iterator[str]:
    topics = settings.topics
    yield f"topics ({topics.partitions} partitions, replication factor {topics.replication_factor}):"
    for spec in topic_plan(settings):
        alone = ", on one partition" if spec.partitions == 1 < topics.partitions else ""
        yield f"  {spec.name}: {_keeping(spec.configs)}{alone}"


def _keeping(configs: Mapping[str, str]) -> str:
    compacted = "the newest of each key" if "compact" in configs["cleanup.policy"] else "all records"
    retention_ms = configs.get("retention.ms")
    return compacted + (f" for {format_duration(int(retention_ms))}" if retention_ms else "")


def _forecast(settings: Settings) -> Iterator[str]:
    forecast = settings.forecast
    levels = ", ".join([f"{quantile:g}" for quantile in forecast.quantiles])
    yield f"forecasts: {forecast.horizon} steps ahead, every {forecast.emit_every} steps, at quantiles {levels}"
    if forecast.params is not None:
        yield f"  with the parameters {forecast.params.params.name} of {forecast.params.path}"


def _calendar(settings: Settings) -> Iterator[str]:
    yield "calendar:" if settings.calendar else "calendar: all days are alike"
    yield from [f"  {special.name}: {_days(special)}" for special in settings.calendar]


def _days(special: CalendarClass) -> str:
    if special.dates is not None:
        return f"{_days_text(len(special.dates))}, {format_day(min(special.dates))} to {format_day(max(special.dates))}"
    if special.first_days_of_month is not None:
        return f"the first {_days_text(special.first_days_of_month)} of every month"
    return f"the last {_days_text(special.last_days_of_month or 0)} of every month"


def _days_text(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}"


def _rules(settings: Settings) -> Iterator[str]:
    yield "capacity rules:" if settings.capacity else "capacity rules: none"
    yield from [f"  {rule.name}: {_capacity(rule)}" for rule in settings.capacity]
    yield "failure rules:" if settings.failures else "failure rules: none"
    yield from [f"  {rule.name}: {_failure(rule)}" for rule in settings.failures]
    if settings.hazards:
        yield "hazards:"
        yield from [f"  {rule.name}: {_hazard(rule)}" for rule in settings.hazards]
    if settings.objectives:
        yield "objectives:"
        yield from [f"  {rule.name}: {_objective(rule)}" for rule in settings.objectives]


def _capacity(rule: CapacityRule) -> str:
    verb = "reaches" if rule.direction == "up" else "falls to"
    return f"when {rule.metric}{_where(rule.labels)} {verb} {_limit(rule.limit)}"


def _limit(limit: CapacityLimit) -> str:
    if limit.file is not None:
        return f"its limit in {limit.file.path} ({len(limit.file.entries):,} of them)"
    if limit.label is not None:
        return f"its label {limit.label}"
    return f"{limit.value:g}" if limit.value is not None else f"its entity's {limit.metric}"


def _failure(rule: FailureRule) -> str:
    threshold = f"above {rule.above:g}" if rule.above is not None else f"below {rule.below:g}"
    span = f"for {format_duration(rule.for_ms)} within the next {format_duration(rule.within_ms)}"
    return f"how likely {rule.metric}{_where(rule.labels)} is {threshold} {span}"


def _incidents(settings: Settings) -> Iterator[str]:
    incidents = settings.incidents
    within = f"equal {', '.join(incidents.scope)}" if incidents.scope else "one fleet"
    yield f"incidents: entities are compared within {within}; {incidents.per_day:g} a day may open for no reason"
    yield from [f"  {each.caller} depends on {each.callee}" for each in settings.dependencies]


def _scalers(settings: Settings) -> Iterator[str]:
    if settings.scalers:
        yield "scalers:"
        yield from [f"  {scaler.name}: {_scaler(scaler)}" for scaler in settings.scalers]


def _scaler(scaler: Scaler) -> str:
    load = scaler.series or f"the {scaler.combine} of {scaler.metric}{_where(scaler.labels)}"
    least = "what is foretold" if scaler.scale_in_on_forecast else "what is foretold or is there now"
    bounds = f"from {scaler.min_replicas} to {scaler.max_replicas} replicas of {scaler.per_replica:g}"
    ahead = f"{format_duration(scaler.lead_time_ms)} ahead at quantile {scaler.quantile:g}"
    return f"{bounds} for {load}, {least}, {ahead}{'; a dry run' if scaler.dry_run else ''}"


def _hazard(rule: HazardRule) -> str:
    signs = ", ".join([f"{sign.sign} of {sign.metric}" for sign in rule.signs])
    known = f"counted by {rule.calibration.path}" if rule.calibration else "a prior: nothing is counted yet"
    return f"how likely an entity fails within the next {format_duration(rule.within_ms)}, by {signs} ({known})"


def _objective(rule: Objective) -> str:
    return (
        f"{rule.target:g} % of events good over {format_duration(rule.window_ms)}, {len(rule.alerts)} burn rate alerts"
    )


def _where(labels: Mapping[str, str]) -> str:
    return labels_text(labels_of(labels)) if labels else ""
