"""The gRPC server that KEDA connects to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import grpc

from streams.cli.errors import ExitCode, UserError
from streams.serve.scaling.keda.service import ExternalScaler
from streams.serve.scaling.proto import externalscaler_pb2_grpc as pb_grpc

MESSAGE_BYTES_MAX: Final = 64 * 1024
"""What KEDA sends is a name and a trigger's metadata."""

CALLS_MAX: Final = 1_000
"""At once; streams count as long as they last."""

GRACE_S: Final = 2.0

_OPTIONS = (
    ("grpc.max_receive_message_length", MESSAGE_BYTES_MAX),
    ("grpc.max_metadata_size", MESSAGE_BYTES_MAX),
    # Two servers on one port would share the callers by chance.
    ("grpc.so_reuseport", 0),
)


class PortTakenError(UserError):
    """The address can't be listened on."""

    exit_code = ExitCode.USAGE


@asynccontextmanager
async def listening(
    service: ExternalScaler, host: str, port: int, credentials: grpc.ServerCredentials | None
) -> AsyncIterator[int]:
    """Serve while the block runs; gives the port, which is a free one where 0 is asked for.

    Raises
    ------
    PortTakenError
        If the address can't be listened on.
    """
    server = grpc.aio.server(options=_OPTIONS, maximum_concurrent_rpcs=CALLS_MAX)
    pb_grpc.add_ExternalScalerServicer_to_server(service, server)
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        bound = server.add_secure_port(address, credentials) if credentials else server.add_insecure_port(address)
    except RuntimeError as error:
        raise PortTakenError(f"can't listen on {address} for KEDA; set serve.grpc_port to a free one") from error
    await server.start()
    try:
        yield bound
    finally:
        await server.stop(GRACE_S)
