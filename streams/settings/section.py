"""What all sections of the settings have in common, and the types of their fields."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictStr
from pydantic_core import PydanticCustomError

TOPIC_CHARACTERS_MAX = 249  # Kafka's own limit
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def _key_of(field: str) -> str:
    return field.removesuffix("_ms").removesuffix("_")


class Section(BaseModel):
    """A part of the settings: frozen, and without keys it doesn't know.

    A field that holds milliseconds ends in `_ms` here and not in the file: there its value carries the unit.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=_key_of, allow_inf_nan=False)


def of_section(message: str) -> PydanticCustomError:
    """A problem that a field's validator found, but which belongs to the whole section."""
    # The message goes in as a value, for braces in it would be taken for a template's.
    return PydanticCustomError("of_section", "{message}", {"message": message})


def at_field(key: str, message: str) -> PydanticCustomError:
    """A problem of one field that is found when the whole section is looked at."""
    return PydanticCustomError("at_field", "{message}", {"key": key, "message": message})


def _refuse_truth(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError(f"must be a number, got {str(value).lower()}")  # noqa: TRY004  # pydantic wants ValueError
    return value


def _split_at_commas(value: Any) -> Any:
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _refuse_empty(value: object) -> object:
    if value in ([], ()):
        raise ValueError("must have at least one item")
    return value


def _refuse_unclosed_class(pattern: str) -> str:
    # Such a bracket would stand for itself, and the pattern fit nothing.
    rest = re.sub(r"\[!?\]?[^\]]*\]", "", pattern)
    if "[" in rest:
        raise ValueError(f"has a [ without its ], got {pattern!r}; [[] stands for the bracket itself")
    return pattern


def _kafka_name(kind: str) -> AfterValidator:
    def check(name: str) -> str:
        if not _NAME.fullmatch(name) or name in {".", ".."} or len(name) > TOPIC_CHARACTERS_MAX:
            allowed = f"at most {TOPIC_CHARACTERS_MAX} letters, digits, dots, dashes and underscores"
            raise ValueError(f"is not {kind} Kafka allows ({allowed}): {name!r}")
        return name

    return AfterValidator(check)


Whole = Annotated[int, BeforeValidator(_refuse_truth)]
"""A whole number; YAML's true and false, which Python takes for 1 and 0, are refused."""

Number = Annotated[float, BeforeValidator(_refuse_truth)]
"""A finite number."""

Text = Annotated[StrictStr, Field(min_length=1)]

Pattern = Annotated[Text, AfterValidator(_refuse_unclosed_class)]
"""A pattern of names, in which * ? and [...] stand for others."""

Texts = Annotated[tuple[Text, ...], BeforeValidator(_split_at_commas)]
"""A list of texts, which may be written as one text with commas."""

Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(_split_at_commas)]
"""A list of patterns, which may be written as one text with commas."""

# Before the items: pydantic's own min_length counts the valid ones, and complains again where all are wrong.
NotEmpty = BeforeValidator(_refuse_empty)
"""A list with at least one item."""

TopicName = Annotated[StrictStr, _kafka_name("a topic name")]

# Kafka's clients ask of it what brokers ask of a topic's name.
InstanceId = Annotated[StrictStr, _kafka_name("an instance id")]
