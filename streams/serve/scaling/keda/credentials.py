"""How gRPC is encrypted, by the settings of `serve`."""

from pathlib import Path

import grpc

from streams.settings.serve import ServeSettings


def credentials_of(serve: ServeSettings) -> grpc.ServerCredentials | None:
    """TLS with our certificate; where authorities are named, clients must have one of theirs. None: no encryption."""
    if serve.tls_cert_file is None or serve.tls_key_file is None:
        return None
    pair = (Path(serve.tls_key_file).read_bytes(), Path(serve.tls_cert_file).read_bytes())
    authorities = Path(serve.client_ca_file).read_bytes() if serve.client_ca_file else None
    return grpc.ssl_server_credentials([pair], authorities, require_client_auth=authorities is not None)
