"""The settings as a whole: the sections of the configuration file."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from models.calendar.clocks import CLASSES_MAX
from streams.settings.alerting import AlertingSettings
from streams.settings.anomalies import AnomalyRule
from streams.settings.broker import BrokerSettings
from streams.settings.calendar import CalendarClass
from streams.settings.durations import MINUTE_MS, DurationMs, between
from streams.settings.forecast import ForecastSettings
from streams.settings.hazards import HazardRule
from streams.settings.incidents import DEPENDENCIES_MAX, Dependency, IncidentSettings
from streams.settings.limits import LimitSettings
from streams.settings.metrics import MetricsSettings
from streams.settings.names import name_problems
from streams.settings.objectives import Objective
from streams.settings.remote_write import RemoteWriteSettings
from streams.settings.rules import CapacityRule, FailureRule
from streams.settings.scalers import Scaler
from streams.settings.section import InstanceId, NotEmpty, Section, Whole
from streams.settings.serve import ServeSettings
from streams.settings.sources import SourceSettings
from streams.settings.topics import TopicSettings

LogFormat = Literal["console", "json"]
OtherState = Literal["refuse", "rebuild"]


class WorkerSettings(Section):
    """How a worker process behaves."""

    checkpoint_interval_ms: Annotated[DurationMs, between("100ms", "1d")] = Field(
        default=40 * MINUTE_MS,
        description="The state is written to its changelog topic this often; after a crash the rest is replayed.",
    )
    checkpoint_bytes_per_sample: Annotated[Whole, Field(ge=1, le=2**30)] = Field(
        default=350, description="It is written sooner once samples have paid for it at so many bytes each."
    )
    fetch_bytes: Annotated[Whole, Field(ge=1_024, le=64 * 2**20)] = Field(
        default=2**20, description="The most that is fetched of a partition at once, as it comes compressed."
    )
    instance_id: InstanceId | None = Field(
        default=None, description="A name of this worker's own, with which a restart keeps its partitions."
    )
    stall_timeout_ms: Annotated[DurationMs, between("5s", "1d")] = Field(
        default=5 * MINUTE_MS, description="A worker that gets nowhere for so long ends, with the reason."
    )
    other_state: OtherState = Field(
        default="refuse",
        description="What to do with state that these settings or this release can't continue.",
    )
    log_format: LogFormat = Field(
        default="console", description="Log lines for people (console) or for machines (json)."
    )
    metrics: MetricsSettings = Field(default=MetricsSettings(), description="Where metrics and health are told.")


class Settings(Section):
    """All settings. In the file the sections stand under these names; everything but `sources` has a default."""

    broker: BrokerSettings = Field(default=BrokerSettings(), description="How to reach Kafka.")
    topics: TopicSettings = Field(default=TopicSettings(), description="Our own topics.")
    sources: Annotated[tuple[SourceSettings, ...], NotEmpty] = Field(description="The telemetry topics to read.")
    forecast: ForecastSettings = Field(default=ForecastSettings(), description="What is forecast, and how often.")
    capacity: tuple[CapacityRule, ...] = Field(default=(), description="Rules that predict when a limit is reached.")
    failures: tuple[FailureRule, ...] = Field(default=(), description="Rules that predict how likely a failure is.")
    anomalies: tuple[AnomalyRule, ...] = Field(
        default=(), description="What to say of which anomalies; the first rule that fits a series holds for it."
    )
    incidents: IncidentSettings = Field(
        default=IncidentSettings(), description="What is told as one incident, and how often."
    )
    dependencies: tuple[Dependency, ...] = Field(
        default=(),
        max_length=DEPENDENCIES_MAX,
        description="Who calls whom: incidents join them, and name a callee before its callers.",
    )
    hazards: tuple[HazardRule, ...] = Field(
        default=(), description="Classes of entities, and the signs by which their failures are predicted."
    )
    objectives: tuple[Objective, ...] = Field(
        default=(), description="Error budgets: what share of events must be good, and when to alert."
    )
    calendar: tuple[CalendarClass, ...] = Field(
        default=(), max_length=CLASSES_MAX, description="Days that are unlike the others, such as holidays."
    )
    scalers: tuple[Scaler, ...] = Field(default=(), description="What autoscalers are told of the load to come.")
    limits: LimitSettings = Field(default=LimitSettings(), description="What a worker takes on, and what it believes.")
    worker: WorkerSettings = Field(default=WorkerSettings(), description="How a worker process behaves.")
    serve: ServeSettings = Field(default=ServeSettings(), description="Where people and programs ask.")
    alerting: AlertingSettings = Field(
        default=AlertingSettings(), description="Which predictions alert somebody, and who is told."
    )
    remote_write: RemoteWriteSettings = Field(
        default=RemoteWriteSettings(), description="Forecasts that are written to a Prometheus."
    )

    @model_validator(mode="before")
    @classmethod
    def _bare_headings_are_empty_sections(cls, document: Any) -> Any:
        # YAML has null for a section whose keys are all commented out.
        if not isinstance(document, dict):
            return document
        return {heading: section for heading, section in document.items() if section is not None}

    @model_validator(mode="after")
    def _scalers_ask_for_what_is_forecast(self) -> Self:
        lowest, highest = self.forecast.quantiles[0], self.forecast.quantiles[-1]
        for scaler in self.scalers:
            if not lowest <= scaler.quantile <= highest:
                raise ValueError(
                    f"the scaler {scaler.name!r} asks for quantile {scaler.quantile:g}, and forecast.quantiles reach "
                    f"from {lowest:g} to {highest:g}; add it to these"
                )
        return self

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        named = {"topics", "sources", "capacity", "failures", "hazards", "objectives", "calendar", "scalers"}
        problems = name_problems(self.model_dump(include=named))
        if problems:
            text = "; ".join([str(problem) for problem in problems])
            raise PydanticCustomError("names", "{text}", {"text": text, "problems": problems})
        return self
