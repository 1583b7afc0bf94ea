"""Paths in a configuration are meant from its folder, those of the environment from the working directory."""

from pathlib import Path
from typing import Any

import pytest

from streams.settings.keys import all_paths
from streams.settings.load import load_settings
from streams.settings.model import Settings
from streams.settings.paths import EACH, FILES, resolve_paths


def test_every_setting_that_is_a_file_is_listed() -> None:
    names = {tuple([EACH if key == 0 else str(key) for key in path]) for path in all_paths(Settings)}
    assert set(FILES) <= names
    files = {path for path in names if path[-1].endswith("_file") or path[-1] in ("file", "params", "calibration")}
    assert set(FILES) == files


def test_relative_paths_are_joined_and_all_else_is_left() -> None:
    document: dict[str, Any] = {
        "serve": {"tokens_file": "tokens", "tls_cert_file": "/etc/cert.pem", "port": 1},
        "capacity": [{"limit": {"file": "a/limits.csv"}}, {"limit": {"value": 1}}, "nonsense"],
        "alerting": None,
    }
    assert resolve_paths(document, Path("/srv/conf")) == {
        "serve": {"tokens_file": "/srv/conf/tokens", "tls_cert_file": "/etc/cert.pem", "port": 1},
        "capacity": [{"limit": {"file": "/srv/conf/a/limits.csv"}}, {"limit": {"value": 1}}, "nonsense"],
        "alerting": None,
    }
    assert document["serve"]["tokens_file"] == "tokens"


def test_the_file_and_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "password").write_text("of the folder")
    (tmp_path / "password").write_text("of the working directory")
    (tmp_path / "conf" / "foreshock.yaml").write_text(
        "broker: {security_protocol: SASL_PLAINTEXT, sasl_mechanism: PLAIN, username: me, password_file: password}\n"
        "sources: [{topic: t}]\n"
    )
    monkeypatch.chdir(tmp_path)

    def password(environ: dict[str, str]) -> str:
        broker = load_settings(Path("conf/foreshock.yaml"), environ).broker
        assert broker.password is not None
        return broker.password.get_secret_value()

    assert password({}) == "of the folder"
    assert password({"FORESHOCK_BROKER__PASSWORD_FILE": "password"}) == "of the working directory"
