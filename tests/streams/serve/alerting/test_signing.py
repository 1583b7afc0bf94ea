"""Signatures, against the example of the Standard Webhooks specification."""

from streams.serve.alerting.signing import signed


def test_the_signature_is_what_the_specification_says() -> None:
    body = b'{"event_type":"ping","data":{"success":true}}'
    headers = signed("whsec_plJ3nmyCDGBKInavdOK15jsl", "msg_loFOjxBNrRLzqYUf", 1731705121, body)
    assert headers == {
        "webhook-id": "msg_loFOjxBNrRLzqYUf",
        "webhook-timestamp": "1731705121",
        "webhook-signature": "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
    }


def test_a_secret_may_be_any_text() -> None:
    signatures = {signed(secret, "id", 0, b"")["webhook-signature"] for secret in ("geheim", "whsec_?", "whsec_aa==")}
    assert len(signatures) == 3
