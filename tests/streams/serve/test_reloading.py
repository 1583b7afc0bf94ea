"""Tokens that are changed while it runs; `tests/integration/test_serve_reload.py` sends the signal."""

from pathlib import Path

from structlog.testing import capture_logs

from streams.serve.api.auth import Guests, guests_of
from streams.serve.api.gate import Gate
from streams.serve.reloading import reload_guests
from streams.settings.serve import ServeSettings

OLD, NEW = "an-old-token-of-somebody", "a-new-token-of-somebody"


class Noted(Gate):
    """A gate that tells who is let in."""

    def __init__(self) -> None:
        self.admitted: list[Guests | None] = []

    def admit(self, guests: Guests | None) -> None:
        self.admitted.append(guests)


def settings(tokens: Path) -> ServeSettings:
    return ServeSettings.model_validate({"host": "0.0.0.0", "tokens_file": str(tokens)})


def test_those_whom_the_file_names_now_are_let_in(tmp_path: Path) -> None:
    tokens, gate = tmp_path / "tokens", Noted()
    tokens.write_text(f"{OLD} somebody\n")
    assert guests_of(settings(tokens)) is not None
    tokens.write_text(f"{NEW} somebody\n")
    reload_guests(gate, settings(tokens))
    [guests] = gate.admitted
    assert guests is not None
    assert guests.with_token(NEW) is not None
    assert guests.with_token(OLD) is None


def test_a_file_with_a_mistake_changes_nothing_and_is_named(tmp_path: Path) -> None:
    tokens, gate = tmp_path / "tokens", Noted()
    tokens.write_text("short somebody\n")
    with capture_logs() as logs:
        reload_guests(gate, settings(tokens))
        reload_guests(gate, settings(tmp_path / "gone"))
    assert not gate.admitted
    assert [line["event"] for line in logs] == ["who may ask is as before"] * 2
    assert str(tokens) in logs[0]["error"]
