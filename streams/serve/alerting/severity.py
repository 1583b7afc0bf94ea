"""How urgent an alert is: what somebody is to do, and when."""

from enum import IntEnum

from streams.settings.alerting import SeverityName


class Severity(IntEnum):
    """In ascending order, so that the greater of two is the more urgent."""

    NONE = 0
    INFO = 1
    TICKET = 2
    PAGE = 3

    @property
    def word(self) -> str:
        """As labels and settings write it."""
        return self.name.lower()


def severity_of(name: SeverityName | None) -> Severity:
    """A setting's severity; NONE where it is null."""
    return Severity.NONE if name is None else Severity[name.upper()]
