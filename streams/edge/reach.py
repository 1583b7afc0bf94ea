"""Connecting to Kafka: why it can't be reached, said once and in words, for a client tells that only to its log."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from aiokafka.errors import KafkaError

from streams.cli.errors import BrokerUnavailableError


@contextmanager
def reaching(servers: str | Sequence[str], setting: str = "--broker or broker.bootstrap_servers") -> Iterator[None]:
    """What is done within is to connect a client.

    Parameters
    ----------
    servers
        The addresses, for the message.
    setting
        Where they were given.

    Raises
    ------
    BrokerUnavailableError
        In place of what the client raises, or of a `TimeoutError`.
    """
    with _complaints() as complaints:
        try:
            yield
        except TimeoutError as error:
            raise _unreachable(servers, setting, str(error) or "no answer in time") from error
        except (KafkaError, OSError) as error:
            reason = complaints[-1] if complaints else str(error) or type(error).__name__
            raise _unreachable(servers, setting, reason) from error


def _unreachable(servers: str | Sequence[str], setting: str, reason: str) -> BrokerUnavailableError:
    addresses = servers if isinstance(servers, str) else ", ".join(servers)
    return BrokerUnavailableError(f"can't reach Kafka at {addresses} ({setting}): {reason}")


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collect what the client logs: why it can't connect, it says nowhere else."""
    complaints: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            complaints.append(record.getMessage())

    logger, collector = logging.getLogger("aiokafka"), Collector(logging.WARNING)
    # Whoever silenced the client meant the screen, not us; and what we say, it need not say before.
    level = logger.level
    logger.setLevel(logging.WARNING)
    logger.addHandler(collector)
    logger.propagate = False
    try:
        yield complaints
    finally:
        logger.removeHandler(collector)
        logger.setLevel(level)
        logger.propagate = True
