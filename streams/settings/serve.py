"""Settings section `serve`: where people and programs ask what is predicted."""

from ipaddress import ip_address
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from streams.settings.durations import HOUR_MS, DurationMs, between
from streams.settings.section import Section, Text, Whole, at_field

SERVE_PORT = 9470
GRPC_PORT = 9471
HISTORY_MIN, HISTORY_MAX = 10, 10_000

Now = Literal["wall", "event"]


class ServeSettings(Section):
    """How `foreshock serve` reads the topics, and who may ask it."""

    host: Text = Field(
        default="127.0.0.1",
        description="The address to listen on; one that others can reach takes `tokens_file` or `client_ca_file`.",
    )
    port: Annotated[Whole, Field(ge=0, le=65_535)] = Field(
        default=SERVE_PORT, description="The port of the API and the page; 0 takes any free one, which the log names."
    )
    grpc_port: Annotated[Whole, Field(ge=0, le=65_535)] | None = Field(
        default=GRPC_PORT,
        description="The port of gRPC for KEDA, where there are `scalers`; 0 takes any free one, null none.",
    )
    now: Now = Field(
        default="wall",
        description="What time it is: by the clock (wall), or that of the newest telemetry (event), for replays.",
    )
    history: Annotated[Whole, Field(ge=HISTORY_MIN, le=HISTORY_MAX)] = Field(
        default=240, description="The newest samples of each series that are kept in memory, 16 bytes each."
    )
    lookback_ms: Annotated[DurationMs, between("1m", "3650d")] = Field(
        default=6 * HOUR_MS, description="How far back samples and rejects are read at the start."
    )
    tokens_file: Text | None = Field(
        default=None,
        description="A file with a line for each who may ask: token, name, and the labels that a record must have.",
    )
    tls_cert_file: Text | None = Field(default=None, description="A PEM file with our certificate, to serve HTTPS.")
    tls_key_file: Text | None = Field(default=None, description="A PEM file with the unencrypted key of it.")
    client_ca_file: Text | None = Field(
        default=None,
        description="A PEM file with the authorities whose clients are let in; a certificate's CN is a name.",
    )

    @property
    def asks_who(self) -> bool:
        """Whether those who ask must say who they are."""
        return self.tokens_file is not None or self.client_ca_file is not None

    @model_validator(mode="after")
    def _files_go_together(self) -> Self:
        if (self.tls_cert_file is None) != (self.tls_key_file is None):
            raise at_field("tls_cert_file", "give tls_cert_file and tls_key_file together or neither")
        if self.client_ca_file is not None and self.tls_cert_file is None:
            raise at_field("client_ca_file", "has no effect without tls_cert_file and tls_key_file")
        return self

    @model_validator(mode="after")
    def _strangers_stay_out(self) -> Self:
        if not is_loopback(self.host) and not self.asks_who:
            raise at_field(
                "host",
                f"{self.host} can be reached by others, and nobody would be asked who they are:"
                " set tokens_file or client_ca_file, or host to 127.0.0.1",
            )
        return self


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own, which nobody else can reach."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
