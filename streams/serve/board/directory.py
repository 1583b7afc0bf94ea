"""The names that records are about, series and entities, and how they are found: by metric, labels and text.

A name has a number while a record is about it; then another name may get the number. Labels are an inverted index: of
each pair the numbers that have it. Answers are masks over the numbers, and kept until a name comes or goes.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase

import numpy as np
import numpy.typing as npt

from streams.series import Labels, SeriesKey, parse_series
from streams.serve.board.alphabet import Alphabet, Numbers
from streams.serve.board.growing import with_room

Mask = npt.NDArray[np.bool_]
Pair = tuple[str, str]

MASKS_KEPT = 64
"""At a hundred thousand names a mask has 100 kB."""

NO_METRIC = ""
"""The metric of an entity's name."""


class Directory:
    """Names by number, and numbers by what they are named by.

    Attributes
    ----------
    version
        Grows when a name comes or goes.
    """

    def __init__(self) -> None:
        self.version = 0
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []
        self._free: list[int] = []
        self._metrics: dict[str, int] = {}
        self._metric_of = np.zeros(0, np.int32)
        self._with_pair: dict[Pair, set[int]] = {}
        self._masks = _Kept(MASKS_KEPT)
        self._alphabet = Alphabet()

    @property
    def size(self) -> int:
        """One more than the highest number: the length of a mask."""
        return len(self._names)

    def number(self, name: str) -> int | None:
        """The number of a name, if it has one."""
        return self._numbers.get(name)

    def name(self, number: int) -> str:
        """The name of a number."""
        return self._names[number]

    def key(self, number: int) -> SeriesKey:
        """A name's metric and labels."""
        return parse_series(self._names[number])

    def add(self, name: str, key: SeriesKey) -> int:
        """Give a new name a number."""
        number = self._free.pop() if self._free else len(self._names)
        if number == len(self._names):
            self._names.append(name)
        else:
            self._names[number] = name
        self._numbers[name] = number
        self._alphabet.add(name, number)
        self._metric_of = with_room(self._metric_of, len(self._names), -1)
        self._metric_of[number] = self._metrics.setdefault(key.metric, len(self._metrics))
        for pair in key.labels:
            self._with_pair.setdefault(pair, set()).add(number)
        self.version += 1
        return number

    def remove(self, number: int) -> None:
        """Forget a name."""
        name = self._names[number]
        for pair in parse_series(name).labels:
            having = self._with_pair[pair]
            having.discard(number)
            if not having:
                del self._with_pair[pair]
        del self._numbers[name]
        self._alphabet.remove(name)
        self._names[number] = ""
        self._metric_of[number] = -1
        self._free.append(number)
        self.version += 1

    def having(self, pairs: Iterable[Pair]) -> Mask | None:
        """Who has all these labels; None stands for everybody."""
        return self._all_of([self._with_label(pair) for pair in pairs])

    def with_metric(self, pattern: str) -> Mask:
        """Whose metric fits a glob pattern."""
        return self._kept(("metric", pattern), lambda: self._find_metric(lambda name: fnmatchcase(name, pattern)))

    def with_text(self, text: str) -> Mask | None:
        """In whose metric or label values each word of a text occurs, in small or capital letters."""
        return self._all_of([self._with_word(word) for word in text.lower().split()])

    def series(self) -> Mask:
        """Which names are of series."""
        return self._kept(("series",), lambda: self._find_metric(lambda name: name != NO_METRIC))

    def in_order(self) -> tuple[list[str], Numbers]:
        """All names in the order of the alphabet, and their numbers."""
        return self._alphabet.order()

    def _with_label(self, pair: Pair) -> Mask:
        return self._kept(("label", *pair), lambda: self._mark([self._with_pair.get(pair, set())]))

    def _with_word(self, word: str) -> Mask:
        return self._kept(("word", word), lambda: self._find_word(word))

    def _find_word(self, word: str) -> Mask:
        found = [having for (_, value), having in self._with_pair.items() if word in value.lower()]
        return self._mark(found) | self._find_metric(lambda name: word in name.lower())

    def _find_metric(self, fits: Callable[[str], bool]) -> Mask:
        wanted = np.array([number for name, number in self._metrics.items() if fits(name)], np.int32)
        return np.isin(self._metric_of[: self.size], wanted)

    def _mark(self, groups: Iterable[set[int]]) -> Mask:
        mask = np.zeros(self.size, np.bool_)
        for numbers in groups:
            mask[np.fromiter(numbers, np.int32, len(numbers))] = True
        return mask

    def _all_of(self, masks: list[Mask]) -> Mask | None:
        return np.logical_and.reduce(masks) if masks else None

    def _kept(self, question: tuple[str, ...], find: Callable[[], Mask]) -> Mask:
        return self._masks.get(self.version, question, find)


def labels_have(labels: Labels, pairs: Iterable[Pair]) -> bool:
    """Whether labels have all these pairs."""
    return set(pairs) <= set(labels)


class _Kept:
    """The newest answers, as long as the version is the same."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._version = 0
        self._answers: OrderedDict[tuple[str, ...], Mask] = OrderedDict()

    def get(self, version: int, question: tuple[str, ...], find: Callable[[], Mask]) -> Mask:
        """The answer that is kept, else the one that is found now."""
        if version != self._version:
            self._answers.clear()
            self._version = version
        answer = self._answers.get(question)
        if answer is None:
            answer = self._answers[question] = find()
            if len(self._answers) > self._most:
                self._answers.popitem(last=False)
        else:
            self._answers.move_to_end(question)
        return answer
