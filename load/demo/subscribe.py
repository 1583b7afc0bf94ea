"""Where to subscribe, in words."""

import sys
from pathlib import Path

from load.demo.status import Status


def subscription(status: Status) -> str:
    """The broker, the topics, and a command that reads one of them."""
    topic = next(topic for topic in status.topics if topic.endswith("capacity"))
    return (
        f"Subscribe at {status.bootstrap_servers} to {', '.join(status.topics)}:\n"
        f"  {_python()} -m load.demo.tail {status.bootstrap_servers} {topic}"
    )


def _python() -> str:
    """This interpreter, as it is called from here."""
    path = Path(sys.executable)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
