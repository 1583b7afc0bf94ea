"""Files of TLS: which of them can't be used, and why. What the ssl module says of a pair names neither."""

import ssl
from collections.abc import Iterator
from pathlib import Path

from streams.settings.broker import BrokerSettings
from streams.settings.errors import Problem
from streams.settings.serve import ServeSettings


def broker_tls_problems(broker: BrokerSettings) -> list[Problem]:
    """What is wrong with the files for TLS to the brokers."""
    pair = _pair("broker", ("cert_file", broker.cert_file), ("key_file", broker.key_file))
    return [*_authorities("broker.ca_file", broker.ca_file), *pair]


def serve_tls_problems(serve: ServeSettings) -> list[Problem]:
    """What is wrong with the files for HTTPS."""
    pair = _pair("serve", ("tls_cert_file", serve.tls_cert_file), ("tls_key_file", serve.tls_key_file))
    return [*pair, *_authorities("serve.client_ca_file", serve.client_ca_file)]


def _authorities(place: str, file: str | None) -> Iterator[Problem]:
    reason = None if file is None else authorities_problem(file)
    if reason is not None:
        yield Problem(place, f"can't be used: {file}: {reason}")


def _pair(section: str, cert: tuple[str, str | None], key: tuple[str, str | None]) -> Iterator[Problem]:
    if cert[1] is None or key[1] is None:
        return
    unfit = pair_problem(cert[1], key[1])
    if unfit is not None:
        place = cert[0] if unfit[0] == cert[1] else key[0]
        yield Problem(f"{section}.{place}", f"can't be used: {unfit[0]}: {unfit[1]}")


def unreadable(file: str) -> str | None:
    """Why a file can't be read; None: it can."""
    try:
        Path(file).read_bytes()
    except OSError as error:
        return error.strerror or str(error)
    return None


def authorities_problem(file: str) -> str | None:
    """What is wrong with a PEM file of authorities, if anything is."""
    reason = unreadable(file)
    if reason is not None:
        return reason
    try:
        ssl.create_default_context(cafile=file)
    except OSError:
        return "is no PEM file of certificates"
    return None


def pair_problem(cert_file: str, key_file: str) -> tuple[str, str] | None:
    """Of a certificate and its key, the file that can't be used and why; None: both can."""
    for file, kind in ((cert_file, b"CERTIFICATE-----"), (key_file, b"PRIVATE KEY-----")):
        reason = unreadable(file)
        if reason is not None:
            return file, reason
        if kind not in Path(file).read_bytes():
            return file, f"has no {kind.decode().removesuffix('-----').lower()} in PEM"
    try:
        # A key with a passphrase fails here, where it would otherwise be asked for on the terminal.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert_file, key_file, password="")
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            return key_file, f"is not the key of {cert_file}"
        return key_file, f"can't be used with {cert_file}: {error.reason or error}; a key must have no passphrase"
    return None
