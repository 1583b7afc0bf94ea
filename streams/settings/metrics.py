"""Settings section `worker.metrics`: where a worker tells its figures and its health."""

from typing import Annotated

from pydantic import Field

from streams.settings.section import Section, Text, Whole

METRICS_PORT = 9464
"""The port that OpenTelemetry's Prometheus exporters use, too: scrapers know it."""


class MetricsSettings(Section):
    """Where a worker tells its figures and its health, over HTTP."""

    host: Text = Field(default="127.0.0.1", description="The address to listen on; nobody is asked for a password.")
    port: Annotated[Whole, Field(ge=0, le=65_535)] | None = Field(
        default=METRICS_PORT, description="The port of metrics and health; 0 takes any free one, null none at all."
    )
