"""What two objects differ in, attribute by attribute, all the way down: a state that was loaded, and the one dumped."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import numpy as np
import numpy.typing as npt

Views = Mapping[str, Callable[[Any], Any]]
"""Of a `Class`, or of one `Class.attribute`: what is compared in its place, made of the object of that class."""

_FUNCTIONS = (FunctionType, MethodType, BuiltinFunctionType, type)


def differences(one: object, other: object, views: Views) -> set[str]:
    """The attributes, as `Class.attribute`, that are not alike in two objects of a class.

    Arrays are alike even if one ends with more slots than the other, as long as these are all the same; an empty one is
    like no other.
    """
    return set(_Comparison(views).of(one, other, type(one).__name__))


class _Comparison:
    def __init__(self, views: Views) -> None:
        self._views = views
        self._visited: set[tuple[int, int]] = set()
        self._kept: list[object] = []  # What a view has made must live, or its id would be another's.

    def of(self, one: Any, other: Any, name: str) -> Iterator[str]:
        if one is other or isinstance(one, _FUNCTIONS) or (id(one), id(other)) in self._visited:
            return
        self._visited.add((id(one), id(other)))
        self._kept += [one, other]
        view = self._views.get(type(one).__name__)
        if isinstance(one, str) and isinstance(other, str):
            # A member of a StrEnum stands for its text.
            yield from [] if one == other else [name]
        elif type(one) is not type(other):
            yield name
        elif view is not None:
            yield from self.of(view(one), view(other), name)
        elif isinstance(one, np.ndarray):
            yield from [] if _are_alike(one, other) else [name]
        elif isinstance(one, Mapping):
            yield from [] if one.keys() == other.keys() else [name]
            for key in one.keys() & other.keys():
                yield from self.of(one[key], other[key], name)
        elif isinstance(one, Sequence) and not isinstance(one, bytes):
            yield from [] if len(one) == len(other) else [name]
            for mine, theirs in zip(one, other, strict=False):
                yield from self.of(mine, theirs, name)
        elif attributes := _attributes(one):
            for attribute in attributes | _attributes(other):
                yield from self._of_attribute(one, other, attribute)
        elif repr(one) != repr(other):  # NaN is like NaN.
            yield name

    def _of_attribute(self, one: Any, other: Any, attribute: str) -> Iterator[str]:
        name = f"{type(one).__name__}.{attribute}"
        view = self._views.get(name)
        mine, theirs = ((view(each) if view else getattr(each, attribute, None)) for each in (one, other))
        yield from self.of(mine, theirs, name)


def _attributes(thing: object) -> set[str]:
    """Names of all that an object holds; none of a plain value or a set."""
    if isinstance(thing, bytes | int | float | Set | None):
        return set()
    slots = {name for cls in type(thing).__mro__ for name in getattr(cls, "__slots__", ())}
    return slots | getattr(thing, "__dict__", {}).keys()


def _are_alike(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> bool:
    if one.dtype != other.dtype or one.shape[1:] != other.shape[1:]:
        return False
    shared = min(len(one), len(other))
    if not shared:
        return len(one) == len(other)
    rest = max(one, other, key=len)[shared:]
    is_float = one.dtype.kind == "f"
    is_fresh = np.array_equal(rest, np.broadcast_to(rest[:1], rest.shape), equal_nan=is_float)
    return is_fresh and np.array_equal(one[:shared], other[:shared], equal_nan=is_float)
