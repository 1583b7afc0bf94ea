"""Structured logs, one line an event: key=value for people, JSON for machines.

Records of the standard library's logging, which Faust and aiokafka use, take the same way.
"""

import asyncio
import logging
import sys
from typing import Any, NoReturn, TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor

from streams.repeats import WINDOW_S, CountingHandler
from streams.settings.model import LogFormat

# They log every step of their own lives; what they warn of is worth reading, once in a while.
CHATTY_LOGGERS = ("aiokafka", "asyncio", "faust", "kafka", "mode")


def configure_logs(log_format: LogFormat, stream: TextIO | None = None) -> None:
    """Set up logging for the process; standard error is where lines go unless `stream` is given."""
    stream = sys.stderr if stream is None else stream
    handler = CountingHandler(stream, CHATTY_LOGGERS)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_common(),
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(log_format, stream)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in CHATTY_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_common(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


async def tell_repeats() -> NoReturn:
    """Have it told how many lines were held back, where no later line would do so; runs until cancelled."""
    while True:
        await asyncio.sleep(WINDOW_S)
        for handler in _counting_handlers():
            handler.tell_ended()


def end_logs() -> None:
    """Tell what is held back: the process may end without the interpreter's own end."""
    for handler in _counting_handlers():
        handler.close()


def _counting_handlers() -> list[CountingHandler]:
    return [handler for handler in logging.getLogger().handlers if isinstance(handler, CountingHandler)]


def _common() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]


def _renderers(log_format: LogFormat, stream: TextIO) -> list[Processor]:
    if log_format == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_json)]
    colors = stream.isatty()
    return [
        structlog.dev.ConsoleRenderer(
            colors=colors, timestamp_key="time", exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
        )
    ]


def _json(event: EventDict, **_: Any) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS).decode()
