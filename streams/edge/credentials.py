"""The broker section of the settings, in Faust's terms."""

import faust
from faust.types.auth import CredentialsT

from streams.settings.client import client_options
from streams.settings.model import Settings


def credentials_of(settings: Settings) -> CredentialsT | None:
    """Faust's credentials; None for a plain connection."""
    options = client_options(settings)
    context = options.get("ssl_context")
    if "sasl_mechanism" in options:
        return faust.SASLCredentials(
            username=options["sasl_plain_username"],
            password=options["sasl_plain_password"],
            mechanism=options["sasl_mechanism"],
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context is not None else None
