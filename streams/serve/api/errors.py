"""Errors as people and programs read them: a code, a sentence, and which parameter is wrong."""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed"}


class ApiError(Exception):
    """What is answered in place of what was asked for."""

    def __init__(self, status: int, code: str, message: str, parameter: str | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.parameter = status, code, message, parameter


def not_found(message: str, parameter: str) -> ApiError:
    """What is asked for is not there, or not for those who ask."""
    return ApiError(404, "not_found", message, parameter)


def error_response(
    status: int, code: str, message: str, parameter: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """An error as JSON."""
    body = {"error": {"code": code, "message": message, "parameter": parameter}}
    return Response(orjson.dumps(body), status, headers, media_type="application/json")


def handle_errors(app: FastAPI) -> None:
    """Answer every error of the app's in this way."""
    app.add_exception_handler(ApiError, _api_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _broken)


async def _api_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return error_response(error.status, error.code, error.message, error.parameter)


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first: dict[str, Any] = error.errors()[0]
    parameter = next((str(part) for part in first["loc"][1:]), None)
    if first["type"] == "extra_forbidden":
        return error_response(422, "unknown_parameter", f"there is no parameter {parameter!r:.80}", parameter)
    return error_response(422, "bad_parameter", f"{parameter}: {first['msg']}", parameter)


async def _http_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = CODES.get(error.status_code, "error")
    message = "there is nothing here" if error.status_code == 404 else str(error.detail)
    return error_response(error.status_code, code, message, headers=error.headers)


async def _broken(_request: Request, _error: Exception) -> Response:
    return error_response(500, "internal", "this is a defect of foreshock; its log has the details")
