"""Signatures of webhooks, as the Standard Webhooks specification has them: id, time and body are signed."""

import hmac
from base64 import b64decode, b64encode
from binascii import Error
from hashlib import sha256

PREFIX = "whsec_"


def signed(secret: str, message_id: str, at_s: int, body: bytes) -> dict[str, str]:
    """The headers that prove who sent a body, and when.

    Parameters
    ----------
    secret
        Any text; after ``whsec_`` it is the key in base 64.
    at_s
        When it is sent, in seconds since 1970: receivers refuse old ones, so nobody sends them again.
    """
    text = f"{message_id}.{at_s}.".encode() + body
    digest = hmac.new(_key(secret), text, sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at_s),
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }


def _key(secret: str) -> bytes:
    if secret.startswith(PREFIX):
        try:
            return b64decode(secret.removeprefix(PREFIX), validate=True)
        except Error:
            return secret.encode()
    return secret.encode()
