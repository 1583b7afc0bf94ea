"""What a broker is to whoever needs one: an address to connect to, a beginning and an end."""

from typing import Protocol

from streams.cli.errors import ExitCode, UserError

__all__ = ["Broker", "BrokerError", "BrokerFailedError", "BrokerUnavailableError", "PortTakenError"]


class Broker(Protocol):
    """A Kafka-protocol broker. `start` returns when clients are served; `stop` leaves nothing behind."""

    @property
    def name(self) -> str:
        """What it is, for people: `Apache Kafka 4.4.0`."""

    @property
    def bootstrap_servers(self) -> str:
        """`host:port`, for clients."""

    def start(self) -> None:
        """Start it and wait until it serves; raises `BrokerError`."""

    def stop(self) -> None:
        """Stop it and remove its data; harmless when it does not run."""


class BrokerError(UserError):
    """A broker cannot be had; the message says why and what to do."""


class BrokerUnavailableError(BrokerError):
    """Something it needs is not installed here."""

    exit_code = ExitCode.USAGE


class BrokerFailedError(BrokerError):
    """It was started and does not serve."""


class PortTakenError(BrokerFailedError):
    """Somebody else listens on its port."""

    exit_code = ExitCode.USAGE
