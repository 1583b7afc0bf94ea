"""Numbers for names that several slots share, given back when the last slot lets go."""

from typing import Generic, TypeVar

Name = TypeVar("Name")


class SharedNames(Generic[Name]):
    """Names by number. A number says nothing of the order, and may be another name's later."""

    def __init__(self) -> None:
        self.names: list[Name | None] = []
        self._numbers: dict[Name, int] = {}
        self._holders: list[int] = []
        self._free: list[int] = []

    def hold(self, name: Name) -> int:
        """The number of a name, for one more holder."""
        number = self._numbers.get(name)
        if number is None:
            number = self._free.pop() if self._free else len(self.names)
            if number == len(self.names):
                self.names.append(None)
                self._holders.append(0)
            self.names[number], self._numbers[name] = name, number
        self._holders[number] += 1
        return number

    def let_go(self, number: int) -> None:
        """One holder less."""
        self._holders[number] -= 1
        if self._holders[number] == 0:
            name = self.name(number)
            del self._numbers[name]
            self.names[number] = None
            self._free.append(number)

    def name(self, number: int) -> Name:
        """The name that somebody holds under a number."""
        name = self.names[number]
        assert name is not None
        return name
