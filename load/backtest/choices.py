"""The settings of a backtest: a worker's, with what the command line says of the source and the horizon."""

from collections.abc import Sequence
from dataclasses import dataclass

from load.backtest.errors import BacktestError
from streams.settings.forecast import DECILES
from streams.settings.model import Settings
from streams.settings.sources import SourceSettings

TOPIC_DEFAULT = "telemetry"

SERIES_MAX = 10_000_000
"""One pipeline stands for all partitions, so a partition's limit does not apply."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line says; None and () leave it to the settings."""

    source: str | None = None
    step_ms: int | None = None
    horizon: int | None = None
    entity: Sequence[str] = ()


def default_settings() -> Settings:
    """The settings without a configuration: one source, whose entities are all labels."""
    return Settings(sources=(SourceSettings(topic=TOPIC_DEFAULT, entity=()),))


def backtest_settings(settings: Settings, choices: Choices) -> Settings:
    """The settings to run under: one source, deciles among the quantiles, room for every series."""
    source = _source(settings, choices.source)
    if choices.step_ms is not None:
        source = source.model_copy(update={"step_ms": choices.step_ms})
    if choices.entity:
        source = source.model_copy(update={"entity": tuple(choices.entity)})
    forecast = settings.forecast.model_copy(
        update={
            "horizon": choices.horizon or settings.forecast.horizon,
            "quantiles": tuple(sorted({*settings.forecast.quantiles, *DECILES})),
        }
    )
    limits = settings.limits.model_copy(update={"series_per_partition": SERIES_MAX})
    topics = settings.topics.model_copy(update={"partitions": 1})
    return settings.model_copy(update={"sources": (source,), "forecast": forecast, "limits": limits, "topics": topics})


def check_records_comparable(settings: Settings) -> None:
    """Records are compared with a live run's, which has the quantiles of the configuration and no others."""
    if missing := [quantile for quantile in DECILES if quantile not in settings.forecast.quantiles]:
        raise BacktestError(
            f"--records writes what a live run publishes, but forecast.quantiles lacks {', '.join(map(str, missing))}, "
            "which the backtest needs\nadd them to the configuration, or leave --records out"
        )


def _source(settings: Settings, topic: str | None) -> SourceSettings:
    if topic is None:
        return settings.sources[0]
    for source in settings.sources:
        if source.topic == topic:
            return source
    known = ", ".join([source.topic for source in settings.sources])
    raise BacktestError(f"the configuration has no source {topic!r}\nits sources are {known}")
