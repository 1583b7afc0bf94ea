"""The tokens file."""

from hashlib import sha256
from pathlib import Path

import pytest

from streams.serve.api.auth import Guest, Guests, TokensFileError, guests_of, parse_guests
from tests.streams.serve import made

TOKEN = "a-token-of-sixteen-and-more"


def test_a_token_is_somebodys_with_labels() -> None:
    hashed = sha256(b"another-long-token").hexdigest()
    guests = parse_guests(
        ["# comment", "", f"{TOKEN} shop namespace=shop cluster=a=b", f"sha256:{hashed} sre", "- keda"]
    )
    shop = Guest("shop", (("namespace", "shop"), ("cluster", "a=b")))
    assert guests.with_token(TOKEN) == shop
    assert guests.with_token("another-long-token") == Guest("sre")
    assert guests.with_token(hashed) is None
    assert guests.with_token("-") is None
    assert guests.with_token("") is None
    assert guests.with_certificate("keda") == Guest("keda")
    assert guests.with_certificate("shop") == shop
    assert guests.with_certificate("nobody") is None
    assert TOKEN not in repr(guests)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "nobody is in it"),
        (["# nobody"], "nobody is in it"),
        ([TOKEN], "line 1: a token and a name"),
        (["short me"], "line 1: a token must have 16 characters"),
        (["sha256:abc me"], "line 1: sha256: must be followed"),
        ([f"{TOKEN} me namespace"], "line 1: a label must be written name=value"),
        ([f"{TOKEN} me =shop"], "line 1: a label must be written"),
        ([f"{TOKEN} me", "", "- me"], "line 3: the name 'me' is there twice"),
    ],
)
def test_a_file_that_is_wrong_is_refused_without_its_tokens(lines: list[str], words: str) -> None:
    with pytest.raises(ValueError, match=words) as error:
        parse_guests(lines)
    assert TOKEN not in str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = str(tmp_path / "none")
    with pytest.raises(TokensFileError, match=file):
        guests_of(made.settings(serve={"tokens_file": file}).serve)


def test_without_a_file_any_certificate_of_the_authority_will_do() -> None:
    serve = {"client_ca_file": "ca", "tls_cert_file": "cert", "tls_key_file": "key"}
    assert guests_of(made.settings(serve=serve).serve) == Guests((), None)
    assert Guests((), None).with_certificate("anybody") == Guest("anybody")
    assert guests_of(made.settings().serve) is None
