"""The settings as arguments of a Kafka client."""

import ssl
from typing import Any

from streams.settings.errors import Problem, SettingsError
from streams.settings.model import Settings


def client_options(settings: Settings) -> dict[str, Any]:
    """Keyword arguments that any of aiokafka's clients takes: where the brokers are, and how to be let in.

    Raises
    ------
    SettingsError
        If the files of certificates can't be used.
    """
    broker = settings.broker
    options: dict[str, Any] = {
        "bootstrap_servers": list(broker.bootstrap_servers),
        "security_protocol": broker.security_protocol,
        "request_timeout_ms": broker.request_timeout_ms,
    }
    if "SSL" in broker.security_protocol:
        options["ssl_context"] = _ssl_context(settings)
    if "SASL" in broker.security_protocol:
        assert broker.password is not None  # validated with the settings
        options["sasl_mechanism"] = broker.sasl_mechanism
        options["sasl_plain_username"] = broker.username
        options["sasl_plain_password"] = broker.password.get_secret_value()
    return options


def _ssl_context(settings: Settings) -> ssl.SSLContext:
    broker = settings.broker
    try:
        context = ssl.create_default_context(cafile=broker.ca_file)
    except OSError as error:
        raise _unusable("broker.ca_file", broker.ca_file, error) from error
    if broker.cert_file is not None:
        try:
            # A key with a passphrase fails here, where it would otherwise be asked for on the terminal.
            context.load_cert_chain(broker.cert_file, broker.key_file, password="")
        except OSError as error:
            raise _unusable("broker.cert_file", f"{broker.cert_file} with {broker.key_file}", error) from error
    return context


def _unusable(path: str, files: str | None, error: OSError) -> SettingsError:
    # ssl.SSLError, for what is in a file, is an OSError too.
    return SettingsError([Problem(path, f"can't be used: {files}: {error.strerror or error}")], "settings")
