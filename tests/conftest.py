"""Brokers for the tests that need one, and how tests are shared out among processes."""

import os
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from load.brokers.apache import ApacheKafka
from load.brokers.broker import Broker, BrokerUnavailableError
from tests.brokers import any_broker, give_up, not_tested
from tests.second_tries import allow_second_tries, tell_first_tries
from tests.side_by_side import FromBothEnds, queued


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """Some Kafka-protocol broker, shared by the session: keep to topics under `topic_prefix`."""
    try:
        shared = any_broker(os.environ)
    except BrokerUnavailableError as error:
        give_up(error, os.environ)
    yield shared
    shared.stop()


@pytest.fixture(scope="session")
def kafka() -> Iterator[ApacheKafka]:
    """Apache Kafka as a process of the tests' own, which they may kill and start; leave it running.

    A broker named by FORESHOCK_TEST_BROKER cannot stand in: killing it is not ours.
    """
    try:
        node = ApacheKafka()
    except BrokerUnavailableError as error:
        give_up(BrokerUnavailableError(f"this needs an Apache Kafka that tests may kill. {error}"), os.environ)
    with node:
        yield node


@pytest.fixture
def topic_prefix(request: pytest.FixtureRequest) -> str:
    """A prefix for topics and groups that no other test, and no other run, uses; it tells whose they are."""
    name = re.sub(r"\W+", "-", request.node.name).strip("-")[:60]
    return f"{name}-{uuid.uuid4().hex[:8]}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what uses a broker, so that `-m "not broker and not kafka"` leaves out exactly that."""
    for item in items:
        for name in ("broker", "kafka"):
            if name in getattr(item, "fixturenames", ()):
                item.add_marker(name)
    allow_second_tries(items, os.environ)
    if hasattr(config, "workerinput"):  # this is one of several processes
        items[:] = queued(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FromBothEnds:
    """Share files out among processes."""
    config.option.loadscopereorder = False  # it would put files of many tests first
    return FromBothEnds(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested for want of a broker or another program, and what failed at first."""
    for reason, tests in not_tested(terminalreporter.stats.get("skipped", [])).items():
        terminalreporter.section(f"{len(tests)} tests NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.write_line(reason)
        for test in sorted(tests):  # several processes report in any order
            terminalreporter.write_line(f"  {test}")
    tell_first_tries(terminalreporter)
