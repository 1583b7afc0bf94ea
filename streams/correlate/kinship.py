"""What the settings say of entities' relations: who depends on whom, and which belong to one application."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from streams.series import parse_series
from streams.settings.incidents import Dependency

REMEMBERED_MAX = 100_000


class Kinship:
    """Declared dependencies, by entity. Answers are remembered; none of them is state."""

    def __init__(self, dependencies: Sequence[Dependency]) -> None:
        self._dependencies = dependencies
        self._patterns = sorted({pattern for each in dependencies for pattern in (each.caller, each.callee)})
        self._application = self._applications()
        self._fitting: dict[str, frozenset[str]] = {}

    def calls(self, caller: str, callee: str) -> bool:
        """Whether an entity is declared to depend on another."""
        callers, callees = self.patterns(caller), self.patterns(callee)
        if not callers or not callees or caller == callee:
            return False
        return any(each.caller in callers and each.callee in callees for each in self._dependencies)

    def applications(self, entity: str) -> frozenset[str]:
        """The applications, connected by dependencies, that an entity is declared to be part of."""
        return frozenset([self._application[pattern] for pattern in self.patterns(entity)])

    def patterns(self, entity: str) -> frozenset[str]:
        """The patterns that fit an entity."""
        found = self._fitting.get(entity)
        if found is None:
            if len(self._fitting) >= REMEMBERED_MAX:
                self._fitting.clear()
            values = label_values(entity)
            found = frozenset([p for p in self._patterns if any(fnmatchcase(value, p) for value in values)])
            self._fitting[entity] = found
        return found

    def _applications(self) -> dict[str, str]:
        """Of each pattern, the first pattern among those it is connected with."""
        first = {pattern: pattern for pattern in self._patterns}
        for _ in self._patterns:
            before = dict(first)
            for each in self._dependencies:
                joined = min(first[each.caller], first[each.callee])
                first[each.caller] = first[each.callee] = joined
            if first == before:
                break
        return first


def label_values(entity: str) -> list[str]:
    """The values of an entity's labels; a name without labels is its own."""
    try:
        key = parse_series(entity)
    except ValueError:
        return [entity]
    return [value for _, value in key.labels] or [entity]
