"""Which file of TLS can't be used, and why."""

from pathlib import Path

import pytest

from streams.settings.serve import ServeSettings
from streams.settings.tls import serve_tls_problems
from tests.certificates import openssl


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pairs, `a` and `b`, and something that is neither."""
    folder = tmp_path_factory.mktemp("tls")
    for name in ("a", "b"):
        made = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}")
        openssl(folder, "req", "-x509", *made, "-keyout", f"{name}.key", "-out", f"{name}.pem")
    (folder / "text").write_text("hello")
    return folder


@pytest.mark.parametrize(
    ("cert", "key", "authorities", "said"),
    [
        ("a.pem", "a.key", "a.pem", []),
        ("none", "a.key", None, ["serve.tls_cert_file: can't be used: none: No such file or directory"]),
        ("a.pem", "none", None, ["serve.tls_key_file: can't be used: none: No such file or directory"]),
        ("text", "a.key", None, ["serve.tls_cert_file: can't be used: text: has no certificate in PEM"]),
        ("a.pem", "text", None, ["serve.tls_key_file: can't be used: text: has no private key in PEM"]),
        ("a.pem", "b.key", None, ["serve.tls_key_file: can't be used: b.key: is not the key of a.pem"]),
        ("a.pem", "a.key", "text", ["serve.client_ca_file: can't be used: text: is no PEM file of certificates"]),
    ],
)
def test_the_file_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, cert: str, key: str, authorities: str | None, said: list[str]
) -> None:
    monkeypatch.chdir(folder)
    serve = ServeSettings.model_validate({"tls_cert_file": cert, "tls_key_file": key, "client_ca_file": authorities})
    assert [str(problem) for problem in serve_tls_problems(serve)] == said
