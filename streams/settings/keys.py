"""The tree of keys that the settings know, as plain paths: what unknown names are compared with."""

from collections.abc import Iterator, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr

from streams.settings.hazards import CountsFile
from streams.settings.limits_file import LimitsFile
from streams.settings.params_file import ParamsFile

Key = str | int
Path = tuple[Key, ...]


def path_text(path: Sequence[Key]) -> str:
    """A path as people write it: ``sources[0].step``."""
    return "".join([f"[{key}]" if isinstance(key, int) else f".{key}" for key in path]).removeprefix(".")


def type_at(root: type[BaseModel], path: Sequence[Key]) -> Any:
    """The type of the value at a path, or None where the settings have no such path."""
    found: Any = root
    for key in path:
        found = _children(found, index=key if isinstance(key, int) else 0).get(key)
        if found is None:
            return None
    return found


def keys_of(section: Any) -> list[str]:
    """The keys of a section, as the file has them."""
    return [key for key in _children(section, index=0) if isinstance(key, str)]


def all_paths(root: Any, path: Path = ()) -> Iterator[Path]:
    """Every path of the settings, with 0 for the place in a list."""
    for key, child in _children(root, index=0).items():
        yield (*path, key)
        yield from all_paths(child, (*path, key))


def is_text(value_type: Any) -> bool:
    """Whether a value is text, which is taken as it stands."""
    return value_type in (str, SecretStr, ParamsFile, LimitsFile, CountsFile)


def is_texts(value_type: Any) -> bool:
    """Whether a value is a list of text."""
    return get_origin(value_type) is tuple and is_text(_bare(get_args(value_type)[0]))


def _children(parent: Any, *, index: int) -> dict[Key, Any]:
    if get_origin(parent) is tuple:
        return {index: _bare(get_args(parent)[0])}
    if isinstance(parent, type) and issubclass(parent, BaseModel):
        return {field.alias or name: _bare(field.annotation) for name, field in parent.model_fields.items()}
    return {}


def _bare(annotation: Any) -> Any:
    """A type without its annotations and without the None that makes it optional."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return _bare(next(kind for kind in get_args(annotation) if kind is not NoneType))
    return annotation
