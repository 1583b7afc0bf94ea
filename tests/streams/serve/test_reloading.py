"""Tokens that are changed while it runs; `tests/integration/test_serve_reload.py` sends the signal."""

from pathlib import Path

from structlog.testing import capture_logs

from streams.serve.api.auth import GuestList, guests_of, parse_guests
from streams.serve.reloading import reload_guests
from streams.settings.serve import ServeSettings

OLD, NEW = "an-old-token-of-somebody", "a-new-token-of-somebody"


def settings(tokens: Path) -> ServeSettings:
    return ServeSettings.model_validate({"host": "0.0.0.0", "tokens_file": str(tokens)})


def test_those_whom_the_file_names_now_are_let_in(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text(f"{OLD} somebody\n")
    guest_list = GuestList(guests_of(settings(tokens)))
    tokens.write_text(f"{NEW} somebody\n")
    reload_guests(guest_list, settings(tokens))
    assert guest_list.guests is not None
    assert guest_list.guests.with_token(NEW) is not None
    assert guest_list.guests.with_token(OLD) is None


def test_a_file_with_a_mistake_changes_nothing_and_is_named(tmp_path: Path) -> None:
    tokens, before = tmp_path / "tokens", parse_guests([f"{OLD} somebody"])
    guest_list = GuestList(before)
    tokens.write_text("short somebody\n")
    with capture_logs() as logs:
        reload_guests(guest_list, settings(tokens))
        reload_guests(guest_list, settings(tmp_path / "gone"))
    assert guest_list.guests is before
    assert [line["event"] for line in logs] == ["who may ask is as before"] * 2
    assert str(tokens) in logs[0]["error"]
