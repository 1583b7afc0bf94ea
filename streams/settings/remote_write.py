"""Settings section `remote_write`: forecasts written to a Prometheus, to be plotted beside the original series."""

from typing import Annotated

from pydantic import Field

from streams.settings.alerting import WebAddress
from streams.settings.durations import HOUR_MS, SECOND_MS, DurationMs, between
from streams.settings.section import NotEmpty, Number, Pattern, Section, Text

AHEAD_MAX = 6
QUANTILES_MAX = 9


class RemoteWriteSettings(Section):
    """Which forecasts are written to a Prometheus, and to which; none without a url."""

    url: WebAddress | None = Field(
        default=None, description="Where remote write is taken, such as http://127.0.0.1:9090/api/v1/write; null: off."
    )
    token_file: Text | None = Field(default=None, description="A file with a bearer token, read anew for each request.")
    timeout_ms: Annotated[DurationMs, between("100ms", "1m")] = Field(
        default=10 * SECOND_MS, description="How long a request may take."
    )
    metrics: Annotated[tuple[Pattern, ...], NotEmpty] = Field(
        default=("*",), description="Patterns of the metrics whose forecasts are written."
    )
    quantiles: Annotated[tuple[Annotated[Number, Field(gt=0.0, lt=1.0)], ...], NotEmpty] = Field(
        default=(0.1, 0.5, 0.9),
        max_length=QUANTILES_MAX,
        description="Quantiles that are written, of those in `forecast.quantiles`.",
    )
    ahead_ms: Annotated[tuple[DurationMs, ...], NotEmpty] = Field(
        default=(HOUR_MS,),
        max_length=AHEAD_MAX,
        description="How far ahead; of each series the nearest horizon, if it is within a quarter of that.",
    )
