"""Settings section `broker`: how to reach Kafka."""

from typing import Annotated, Literal, TypeVar

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from streams.settings.durations import SECOND_MS, DurationMs, between
from streams.settings.section import NotEmpty, Section, Text, Texts

SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
SaslMechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]

Value = TypeVar("Value")


class BrokerSettings(Section):
    """How to reach Kafka."""

    bootstrap_servers: Annotated[Texts, NotEmpty] = Field(
        default=("127.0.0.1:9092",), description="Brokers to ask first, each as host:port."
    )
    security_protocol: SecurityProtocol = Field(
        default="PLAINTEXT", description="Whether the connection is encrypted (SSL) and asks for a password (SASL)."
    )
    sasl_mechanism: SaslMechanism | None = Field(
        default=None, validate_default=True, description="How the password is proven to the broker."
    )
    username: Text | None = Field(default=None, validate_default=True, description="The user name for SASL.")
    password_file: Text | None = Field(
        default=None, description="A file with the password for SASL, read once when the settings are loaded."
    )
    password: SecretStr | None = Field(
        default=None,
        validate_default=True,
        description="The password for SASL, better kept in a file or in the environment.",
    )
    ca_file: Text | None = Field(
        default=None, description="A PEM file with the authorities to trust, in place of the system's."
    )
    cert_file: Text | None = Field(
        default=None, description="A PEM file with our certificate, where the broker asks for one."
    )
    key_file: Text | None = Field(
        default=None, validate_default=True, description="A PEM file with the unencrypted key of our certificate."
    )
    session_timeout_ms: Annotated[DurationMs, between("1s", "30m")] = Field(
        default=30 * SECOND_MS, description="How long a silent worker keeps its partitions before others take them."
    )
    request_timeout_ms: Annotated[DurationMs, between("1s", "10m")] = Field(
        default=60 * SECOND_MS, description="How long to wait for the broker's answer to a request."
    )

    @field_validator("bootstrap_servers")
    @classmethod
    def _each_has_a_port(cls, servers: tuple[str, ...]) -> tuple[str, ...]:
        for server in servers:
            host, _, port = server.rpartition(":")
            if not (host and port.isascii() and port.isdigit() and 0 < int(port) < 2**16):
                raise ValueError(f"must be host:port, got {server!r}")
        return servers

    @field_validator("sasl_mechanism", "username", "password_file", "password", "ca_file", "cert_file", "key_file")
    @classmethod
    def _has_an_effect(cls, value: Value, info: ValidationInfo) -> Value:
        layer = "SSL" if str(info.field_name).endswith(("ca_file", "cert_file", "key_file")) else "SASL"
        protocol = info.data.get("security_protocol", layer)
        if value is not None and layer not in protocol:
            raise ValueError(f"has no effect while security_protocol is {protocol}, without {layer}")
        return value

    @field_validator("sasl_mechanism", "username", "password")
    @classmethod
    def _is_there_for_sasl(cls, value: Value, info: ValidationInfo) -> Value:
        protocol = info.data.get("security_protocol", "")
        in_file = info.field_name == "password" and info.data.get("password_file") is not None
        if value is None and "SASL" in protocol and not in_file:
            raise ValueError(f"is required while security_protocol is {protocol}")
        return value

    @field_validator("password")
    @classmethod
    def _is_in_one_place(cls, password: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if password is not None and info.data.get("password_file") is not None:
            raise ValueError("give either password or password_file, not both")
        return password

    @field_validator("key_file")
    @classmethod
    def _goes_with_the_certificate(cls, key_file: str | None, info: ValidationInfo) -> str | None:
        if "cert_file" in info.data and (key_file is None) != (info.data["cert_file"] is None):
            raise ValueError("give cert_file and key_file together or neither")
        return key_file
