"""The tests' own policy: which broker they run on, and that a missing one is never passed over in silence."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from load.brokers.broker import Broker, BrokerFailedError, BrokerUnavailableError
from tests.brokers import any_broker, give_up, not_tested


@dataclass
class FakeBroker:
    name: str
    error: Exception | None = None
    bootstrap_servers: str = "127.0.0.1:1"
    calls: list[str] = field(default_factory=list)

    def start(self) -> None:
        self.calls.append("start")
        if self.error is not None:
            raise self.error

    def stop(self) -> None:
        self.calls.append("stop")


def making(name: str, error: Exception | None = None) -> Callable[[], Broker]:
    return lambda: FakeBroker(name, error)


def test_the_first_that_can_be_had() -> None:
    assert any_broker({}, [making("a"), making("b")]).name == "a"
    assert any_broker({}, [making("a", BrokerUnavailableError("no a")), making("b")]).name == "b"


def test_a_broker_that_fails_is_an_error_not_an_absence() -> None:
    with pytest.raises(BrokerFailedError):
        any_broker({}, [making("a", BrokerFailedError("broken")), making("b")])


def test_the_named_one_comes_first_and_is_left_alone() -> None:
    named = any_broker({"FORESHOCK_TEST_BROKER": "kafka.test:9092"}, [making("a")])
    assert named.bootstrap_servers == "kafka.test:9092"
    assert "FORESHOCK_TEST_BROKER" in named.name


def test_none_says_why_for_each_and_what_to_do() -> None:
    absent = [making("a", BrokerUnavailableError("no java")), making("b", BrokerUnavailableError("no wheel"))]
    with pytest.raises(BrokerUnavailableError, match=r"no java; no wheel; .*FORESHOCK_TEST_BROKER=host:port"):
        any_broker({}, absent)


@pytest.mark.parametrize("ci", [None, "", "0", "false", "False"])
def test_skipped_where_it_is_no_ci_machine(ci: str | None) -> None:
    with pytest.raises(pytest.skip.Exception, match="no broker: no java"):
        give_up(BrokerUnavailableError("no java"), {} if ci is None else {"CI": ci})


@pytest.mark.parametrize("ci", ["1", "true", "woodpecker"])
def test_failed_on_a_ci_machine(ci: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="no broker: no java"):
        give_up(BrokerUnavailableError("no java"), {"CI": ci})


def skipped(test: str, reason: str) -> pytest.TestReport:
    return pytest.TestReport(test, ("f.py", 1, test), {}, "skipped", ("f.py", 1, f"Skipped: {reason}"), "setup")


def test_the_summary_lists_what_was_skipped_for_want_of_a_broker() -> None:
    reports = [skipped("x", "no broker: no java"), skipped("y", "only on Tuesdays"), skipped("z", "no broker: no java")]
    reports.append(skipped("p", "no program: no apt"))
    assert not_tested(reports) == {"no broker: no java": ["x", "z"], "no program: no apt": ["p"]}
