"""How the routes say in the OpenAPI document what they answer."""

from typing import Any

from pydantic import BaseModel

from streams.serve.api.models import ErrorAnswer

_ERRORS = {
    400: "The request can't be understood.",
    401: "A token is required, or not known.",
    403: "Not for this client.",
    404: "It is not there, or not for those who ask.",
    413: "Too much is asked for.",
    422: "A parameter is wrong.",
    503: "Not everything is read yet.",
}


def responses(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """The answers of a route: what it is for, and errors."""
    errors: dict[int | str, dict[str, Any]] = {
        status: {"model": ErrorAnswer, "description": description} for status, description in _ERRORS.items()
    }
    return {200: {"model": model}, 304: {"description": "What the asker has is what there is."}, **errors}
