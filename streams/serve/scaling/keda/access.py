"""Who asks over gRPC, and what they may see."""

from collections.abc import Mapping
from typing import Any, Protocol

import grpc

from streams.settings.scalers import Scaler

Context = grpc.aio.ServicerContext[Any, Any]


class Access(Protocol):
    """Decides what a caller may see."""

    async def visible(
        self, context: Context, metadata: Mapping[str, str], scalers: Mapping[str, Scaler]
    ) -> Mapping[str, Scaler]:
        """The scalers that the caller may see; ends the call where it may see nothing at all.

        `metadata` is that of the trigger, which KEDA passes on whole.
        """
        ...


class Open:
    """Everybody may see everything: nobody but this machine can connect."""

    async def visible(
        self, context: Context, metadata: Mapping[str, str], scalers: Mapping[str, Scaler]
    ) -> Mapping[str, Scaler]:
        """All."""
        return scalers
