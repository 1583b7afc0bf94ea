"""The files that serve reads later, looked at beforehand: a start that fails, or an alert that is not sent, is late."""

from collections.abc import Iterator

from streams.serve.api.auth import TokensFileError, guests_of
from streams.settings.errors import Problem
from streams.settings.model import Settings
from streams.settings.tls import serve_tls_problems, unreadable


def file_problems(settings: Settings) -> Iterator[Problem]:
    """What is wrong with the tokens, the certificates and the secrets, each with its place in the settings."""
    try:
        guests_of(settings.serve)
    except TokensFileError as error:
        yield Problem("serve.tokens_file", error.reason)
    yield from serve_tls_problems(settings.serve)
    for place, file in _secrets(settings):
        reason = None if file is None else unreadable(file)
        if reason is not None:
            yield Problem(place, f"can't be read: {file}: {reason}")


def _secrets(settings: Settings) -> Iterator[tuple[str, str | None]]:
    for number, manager in enumerate(settings.alerting.alertmanagers):
        yield f"alerting.alertmanagers[{number}].token_file", manager.token_file
    for number, webhook in enumerate(settings.alerting.webhooks):
        yield f"alerting.webhooks[{number}].secret_file", webhook.secret_file
    yield "remote_write.token_file", settings.remote_write.token_file
