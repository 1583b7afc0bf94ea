"""gRPC's status of each refusal."""

import grpc

from streams.serve.scaling.core.refusals import RefusalReason

REASON_KEY = "foreshock-reason"
"""Trailing metadata that holds the reason as a word."""

_BY_ITSELF = {RefusalReason.STARTING, RefusalReason.EXPIRED, RefusalReason.NO_CURRENT_VALUE}
_ABSENT = {RefusalReason.UNKNOWN_SERIES}


def status_of(reason: RefusalReason) -> grpc.StatusCode:
    """UNAVAILABLE for what passes with time or telemetry, NOT_FOUND for what is not there, else FAILED_PRECONDITION."""
    if reason in _BY_ITSELF:
        return grpc.StatusCode.UNAVAILABLE
    return grpc.StatusCode.NOT_FOUND if reason in _ABSENT else grpc.StatusCode.FAILED_PRECONDITION
