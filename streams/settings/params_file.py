"""The setting `forecast.params`: a path in the configuration, what the file holds once it is loaded."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator

from models.forecast.params import Params


@dataclass(frozen=True, slots=True)
class ParamsFile:
    """A parameter file that was read."""

    path: str
    params: Params


def _is_loaded(value: object) -> ParamsFile:
    # Settings are plain data without files: `load_settings` reads this one and puts it in the path's place.
    if not isinstance(value, ParamsFile):
        raise ValueError(f"must be the path of a parameter file, as text, got {value!r}")  # noqa: TRY004  # pydantic's
    return value


LoadedParams = Annotated[
    ParamsFile, PlainValidator(_is_loaded), PlainSerializer(lambda file: file.path, return_type=str)
]
