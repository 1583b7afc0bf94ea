"""Logs: ours and the standard library's come out alike, the chatty are kept quiet, JSON is JSON."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from streams.logs import CHATTY_LOGGERS, configure_logs, end_logs
from streams.settings.model import LogFormat


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in CHATTY_LOGGERS}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def logged(log_format: LogFormat, stream: io.StringIO) -> list[str]:
    configure_logs(log_format, stream)
    structlog.get_logger("streams.worker").info("started", lag_ms=3, topic="a b\nc")
    logging.getLogger("other").info("read %d", 5)
    logging.getLogger("faust.agent").info("chatter")
    logging.getLogger("faust.agent").warning("lost %s", "leader")
    return stream.getvalue().splitlines()


def test_console_lines_are_plain_key_values() -> None:
    first, second, third = logged("console", io.StringIO())
    assert "info" in first
    assert r"started [streams.worker] lag_ms=3 topic='a b\nc'" in first
    assert "read 5 [other]" in second
    assert "warning" in third
    assert "lost leader [faust.agent]" in third
    assert "\x1b" not in first


def test_console_lines_are_coloured_on_a_terminal() -> None:
    assert "\x1b[" in logged("console", Terminal())[0]


def test_json_lines() -> None:
    first, second, third = [json.loads(line) for line in logged("json", io.StringIO())]
    assert first.pop("time").endswith("Z")
    assert first == {
        "event": "started",
        "level": "info",
        "logger": "streams.worker",
        "lag_ms": 3,
        "topic": "a b\nc",
    }
    assert (second["event"], second["logger"]) == ("read 5", "other")
    assert (third["event"], third["level"]) == ("lost leader", "warning")


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_exceptions_come_with_their_traceback(log_format: LogFormat) -> None:
    stream = io.StringIO()
    configure_logs(log_format, stream)
    try:
        int("seven")
    except ValueError:
        structlog.get_logger("streams.worker").exception("failed")
    assert "ValueError: invalid literal" in stream.getvalue()
    assert "test_logs.py" in stream.getvalue()


def test_configuring_again_doubles_nothing() -> None:
    stream = io.StringIO()
    configure_logs("json", stream)
    assert len(logged("json", stream)) == 3


def test_at_the_end_it_is_told_what_was_held_back() -> None:
    stream = io.StringIO()
    configure_logs("json", stream)
    for _ in range(3):
        logging.getLogger("aiokafka.cluster").error("no topic %s", "t")
    end_logs()
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == [
        "no topic t",
        "no topic t; and 2 more like it within 60 s",
    ]
