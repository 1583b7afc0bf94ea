"""Which broker the tests run on, and what happens when there is none.

`FORESHOCK_TEST_BROKER=host:port` names one; else we run Apache Kafka, and where that cannot run, the embedded broker.
Where there is none at all, the tests that need one fail on a CI machine and are skipped, loudly, on any other.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import pytest

from load.brokers.apache import ApacheKafka
from load.brokers.broker import Broker, BrokerUnavailableError
from load.brokers.embedded import EmbeddedBroker

VARIABLE = "FORESHOCK_TEST_BROKER"
NO_BROKER = "no broker: "
NO_PROGRAM = "no program: "


@dataclass(frozen=True)
class GivenBroker:
    """The broker that `FORESHOCK_TEST_BROKER` names: neither started nor stopped by us."""

    bootstrap_servers: str
    name: str = f"the broker of {VARIABLE}"

    def start(self) -> None:
        """It runs."""

    def stop(self) -> None:
        """It goes on."""


def any_broker(
    environ: Mapping[str, str], candidates: Sequence[Callable[[], Broker]] = (ApacheKafka, EmbeddedBroker)
) -> Broker:
    """The broker of the tests, started; raises `BrokerUnavailableError` with every candidate's reason."""
    if given := environ.get(VARIABLE):
        return GivenBroker(given)
    reasons = []
    for candidate in candidates:
        try:
            return started(candidate)
        except BrokerUnavailableError as error:
            reasons.append(str(error))
    raise BrokerUnavailableError("; ".join([*reasons, f"or name a broker of yours: {VARIABLE}=host:port"]))


def started(candidate: Callable[[], Broker]) -> Broker:
    """Make a broker and start it."""
    broker = candidate()
    broker.start()
    return broker


def on_ci(environ: Mapping[str, str]) -> bool:
    """Whether this is a CI machine, where nothing may be left out."""
    return environ.get("CI", "").lower() not in ("", "0", "false", "no")


def give_up(error: BrokerUnavailableError, environ: Mapping[str, str]) -> NoReturn:
    """End the test that needed the broker: a failure on a CI machine, elsewhere skipped."""
    if on_ci(environ):
        raise pytest.fail.Exception(f"{NO_BROKER}{error} (CI is set, so this is a failure)", pytrace=False) from None
    pytest.skip(f"{NO_BROKER}{error}")


def not_tested(reports: Iterable[pytest.TestReport]) -> dict[str, list[str]]:
    """The tests that were skipped for want of a broker or another program, by reason."""
    tests = defaultdict(list)
    for report in reports:
        # A skip's longrepr is (file, line, "Skipped: <reason>").
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        for wanting in (NO_BROKER, NO_PROGRAM):
            if wanting in reason:
                tests[reason.partition(": ")[2]].append(report.nodeid)
    return tests
