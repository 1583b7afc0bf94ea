"""The Java that runs Apache Kafka."""

import os
import re
import shutil
from pathlib import Path

from load.brokers.broker import BrokerUnavailableError
from load.brokers.programs import run

__all__ = ["java_command"]

_OLDEST = 17
_ANSWERS_WITHIN_S = 30.0
_HOW = f"install Java {_OLDEST} or newer (Debian, Ubuntu: apt install openjdk-17-jre-headless)"


def java_command() -> str:
    """The path of `java`: that of JAVA_HOME if set, else the one on the PATH; new enough for Kafka 4."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(str(Path(home, "bin", "java")) if home else "java")
    if java is None:
        raise BrokerUnavailableError(f"Apache Kafka needs Java, and there is none {_where(home)}: {_HOW}")
    version = _major_version(java)
    if version < _OLDEST:
        raise BrokerUnavailableError(f"Apache Kafka needs Java {_OLDEST}, and {java} is Java {version}: {_HOW}")
    return java


def _where(home: str | None) -> str:
    return f"in JAVA_HOME ({home})" if home else "on the PATH"


def _major_version(java: str) -> int:
    """17 for `openjdk version "17.0.15" ...`; 1 for the ancient `"1.8.0_402"`; 0 when it does not say."""
    match = re.search(r'version "(\d+)', run([java, "-version"], _ANSWERS_WITHIN_S).said)
    return int(match[1]) if match else 0
