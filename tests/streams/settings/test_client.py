"""Client options: what aiokafka is told, and what is said of certificates that can't be used."""

import ssl
from pathlib import Path
from typing import Any

import pytest

from streams.settings.client import client_options
from streams.settings.errors import SettingsError
from streams.settings.model import Settings


def settings(**broker: Any) -> Settings:
    return Settings.model_validate({"broker": broker, "sources": [{"topic": "telemetry"}]})


def test_plaintext() -> None:
    assert client_options(settings(bootstrap_servers="a:1,b:2", request_timeout="5s")) == {
        "bootstrap_servers": ["a:1", "b:2"],
        "security_protocol": "PLAINTEXT",
        "request_timeout_ms": 5_000,
    }


def test_sasl_over_ssl_verifies_the_broker() -> None:
    options = client_options(
        settings(security_protocol="SASL_SSL", sasl_mechanism="SCRAM-SHA-512", username="me", password="hunter2")
    )
    assert options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert options["sasl_plain_username"] == "me"
    assert options["sasl_plain_password"] == "hunter2"
    assert options["ssl_context"].verify_mode == ssl.CERT_REQUIRED
    assert options["ssl_context"].check_hostname


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "No such file or directory"), ("no certificate", "is no PEM file of certificates")]
)
def test_unusable_authorities(tmp_path: Path, content: str | None, reason: str) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SettingsError) as caught:
        client_options(settings(security_protocol="SSL", ca_file=str(file)))
    [problem] = caught.value.problems
    assert problem.path == "broker.ca_file"
    assert problem.message.startswith(f"can't be used: {file}: ")
    assert reason in problem.message


def test_unusable_certificate(tmp_path: Path) -> None:
    cert, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    with pytest.raises(SettingsError) as caught:
        client_options(settings(security_protocol="SSL", cert_file=cert, key_file=key))
    [problem] = caught.value.problems
    assert problem.path == "broker.cert_file"
    assert problem.message == f"can't be used: {cert}: No such file or directory"
