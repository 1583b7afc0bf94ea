"""The time zones there are: their names and rules, from the package tzdata.

The operating system has such rules too, but each machine its own. Those of the package are as fixed as our own code,
and `foreshock --version` names their release: with it, the same log gives the same predictions on any machine.
"""

import difflib
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

UTC_NAME = "UTC"


@cache
def zone_names() -> frozenset[str]:
    """All names, such as Europe/Berlin."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


def check_zone_name(name: str) -> str:
    """Give back the name of a zone.

    Raises
    ------
    ValueError
        If there is no such zone; the message says which one may be meant.
    """
    if name in zone_names():
        return name
    by_plain = {known.casefold(): known for known in sorted(zone_names())}
    nearest = difflib.get_close_matches(name.casefold(), by_plain, n=1)
    hint = f"; did you mean {by_plain[nearest[0]]}?" if nearest else ""
    raise ValueError(f"must be a time zone of the IANA list, such as Europe/Berlin, got {name!r}{hint}")


def zone_info(name: str) -> ZoneInfo:
    """The rules of a zone that there is."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)
