"""The settings as arguments of a Kafka client."""

import ssl
from typing import Any

from streams.settings.errors import SettingsError
from streams.settings.model import Settings
from streams.settings.tls import broker_tls_problems


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
    problems = broker_tls_problems(settings.broker)
    if problems:
        raise SettingsError(problems, "settings")
    broker = settings.broker
    context = ssl.create_default_context(cafile=broker.ca_file)
    if broker.cert_file is not None:
        context.load_cert_chain(broker.cert_file, broker.key_file, password="")
    return context
