"""The versions that matter when something is to be explained."""

import platform
from importlib.metadata import version

PACKAGES = ("faust-streaming", "aiokafka", "numpy", "orjson", "tzdata")


def versions() -> dict[str, str]:
    """foreshock's version, Python's, and those of the packages that shape what it does."""
    return {
        "foreshock": version("foreshock"),
        "python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
    }
