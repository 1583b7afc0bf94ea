"""Who may ask: bearer tokens from a file, and names of clients' certificates.

A line of the file is a token, a name, and the labels that a record must have for this one to see it::

    # token or sha256:<its SHA-256>   name      labels
    c7f1d0b5...                       grafana
    sha256:9f86d081...                shop-sre  namespace=shop cluster=eu
    -                                 keda.example.org

Who has no labels sees all. A line with ``-`` in place of the token is for a client's certificate with that CN. Tokens
are kept and compared as hashes, each of them every time, so that an answer's time tells nothing.
"""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from streams.cli.errors import ExitCode, UserError
from streams.serve.board.directory import Pair
from streams.settings.serve import ServeSettings

TOKEN_CHARACTERS_MIN = 16
"""A shorter one can be guessed."""

BY_CERTIFICATE = "-"
_HASHED = re.compile(r"sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Guest:
    """Who asks, and the labels that a record must have to be seen."""

    name: str
    labels: tuple[Pair, ...] = ()


ANYBODY = Guest("anybody")


class TokensFileError(UserError):
    """The file of tokens can't be used; `reason` says which and why."""

    exit_code = ExitCode.USAGE

    def __init__(self, reason: str) -> None:
        super().__init__(f"serve.tokens_file: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Guests:
    """All who may ask.

    Attributes
    ----------
    by_token
        Of each token its hash, and whose it is.
    by_name
        By the name of a certificate; None: any name that an authority has signed.
    """

    by_token: tuple[tuple[bytes, Guest], ...]
    by_name: dict[str, Guest] | None

    def with_token(self, token: str) -> Guest | None:
        """Whose token it is."""
        given = sha256(token.encode()).digest()
        found = [guest for known, guest in self.by_token if hmac.compare_digest(known, given)]
        return found[0] if found else None

    def with_certificate(self, name: str) -> Guest | None:
        """Whom a certificate, which is valid, belongs to."""
        return Guest(name) if self.by_name is None else self.by_name.get(name)


class GuestList:
    """Who may ask now: one list for all doors, so that whom it no longer names is let in by none.

    Attributes
    ----------
    guests
        None: whoever reaches us, which is this machine alone.
    """

    def __init__(self, guests: Guests | None) -> None:
        self.guests = guests


def guests_of(settings: ServeSettings) -> Guests | None:
    """All who may ask; None: whoever reaches us.

    Raises
    ------
    TokensFileError
        If the file can't be read, or a line of it.
    """
    if settings.tokens_file is None:
        return Guests((), None) if settings.client_ca_file is not None else None
    try:
        text = Path(settings.tokens_file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        raise TokensFileError(f"can't be read: {settings.tokens_file}: {reason}") from error
    try:
        return parse_guests(text.splitlines())
    except ValueError as error:
        raise TokensFileError(f"{settings.tokens_file}: {error}") from error


def parse_guests(lines: Iterable[str]) -> Guests:
    """Read the lines of a tokens file.

    Raises
    ------
    ValueError
        If one can't be read; the message has its number and no token.
    """
    by_token: list[tuple[bytes, Guest]] = []
    by_name: dict[str, Guest] = {}
    for number, line in enumerate(lines, start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) < 2:
            raise ValueError(f"line {number}: a token and a name must be there")
        token, name, *labels = words
        if name in by_name:
            raise ValueError(f"line {number}: the name {name!r} is there twice")
        guest = by_name[name] = Guest(name, tuple([_pair(number, label) for label in labels]))
        if token != BY_CERTIFICATE:
            by_token.append((_hash_of(number, token), guest))
    if not by_name:
        raise ValueError("nobody is in it, so nobody could ask")
    return Guests(tuple(by_token), by_name)


def _pair(number: int, label: str) -> Pair:
    name, equals, value = label.partition("=")
    if not (name and equals):
        raise ValueError(f"line {number}: a label must be written name=value, got {label!r}")
    return name, value


def _hash_of(number: int, token: str) -> bytes:
    if token.startswith("sha256:"):
        hashed = _HASHED.fullmatch(token)
        if hashed is None:
            raise ValueError(f"line {number}: sha256: must be followed by 64 hexadecimal digits")
        return bytes.fromhex(hashed[1])
    if len(token) < TOKEN_CHARACTERS_MIN:
        raise ValueError(f"line {number}: a token must have {TOKEN_CHARACTERS_MIN} characters or more")
    return sha256(token.encode()).digest()
