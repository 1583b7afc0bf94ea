"""Who asks over gRPC, and what they may see.

KEDA sends no headers of its own to an external scaler: what it can prove itself with is a client certificate, or a
token that the trigger's metadata takes from the environment of what is scaled. Others may send a bearer token as over
HTTP.
"""

from collections.abc import Callable, Mapping
from typing import Any

import grpc

from streams.serve.scaling.core.scope import visible_scalers
from streams.settings.scalers import Scaler

Context = grpc.aio.ServicerContext[Any, Any]

TOKEN_KEY = "tokenFromEnv"  # noqa: S105  # a name, not a token
"""The key of a trigger's metadata that KEDA replaces by what the environment variable of this name holds."""

_BEARER = "bearer "


class Access:
    """Looks up callers.

    Parameters
    ----------
    scope_of
        The labels that a record must have for a caller to see it, by its token and the name in its certificate; None
        where neither is known.
    """

    def __init__(self, scope_of: Callable[[str | None, str | None], Mapping[str, str] | None]) -> None:
        self._scope_of = scope_of

    async def visible(
        self, context: Context, metadata: Mapping[str, str], scalers: Mapping[str, Scaler]
    ) -> Mapping[str, Scaler]:
        """The scalers that a caller may see; ends the call of one that is nobody.

        `metadata` is that of the trigger, which KEDA passes on whole.
        """
        token = _bearer(context) or metadata.get(TOKEN_KEY)
        scope = self._scope_of(token, _common_name(context))
        if scope is None:
            await context.abort(
                grpc.StatusCode.UNAUTHENTICATED,
                f"who asks? Give a client certificate, a bearer token, or {TOKEN_KEY} in the trigger's metadata",
            )
        return visible_scalers(scalers, scope)


def _bearer(context: Context) -> str | None:
    for key, value in context.invocation_metadata() or ():
        if key == "authorization" and isinstance(value, str) and value.lower().startswith(_BEARER):
            return value[len(_BEARER) :].strip()
    return None


def _common_name(context: Context) -> str | None:
    """The name in the certificate that the caller has proven to own."""
    names = context.auth_context().get("x509_common_name", ())
    return next(iter([name.decode(errors="replace") for name in names]), None)
