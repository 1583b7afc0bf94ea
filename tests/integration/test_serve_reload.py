"""SIGHUP: the tokens of a running `serve` are those that the file has now."""

import asyncio
import signal
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from load.brokers.broker import Broker
from streams.edge.admin import create_topics
from streams.settings.model import Settings
from tests.integration.serve_verb import ServeVerb
from tests.integration.worker_verb import worker_settings

OLD, NEW = "an-old-token-of-somebody", "a-new-token-of-somebody"


def status(serve: ServeVerb, token: str) -> int:
    request = Request(f"{serve.address}/api/v1/status", headers={"authorization": f"Bearer {token}"})
    try:
        with urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_a_token_that_is_taken_back_is_refused_after_the_signal(
    broker: Broker, topic_prefix: str, tmp_path: Path
) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text(f"{OLD} somebody\n")
    settings = worker_settings(broker.bootstrap_servers, topic_prefix)
    asyncio.run(create_topics(Settings.model_validate(settings)))
    served = settings | {"serve": {"port": 0, "grpc_port": None, "tokens_file": str(tokens)}}
    with ServeVerb(tmp_path, "serve", served) as serve:
        serve.until_ready()
        assert (status(serve, OLD), status(serve, NEW)) == (200, 401)
        tokens.write_text(f"{NEW} somebody\n")
        assert (status(serve, OLD), status(serve, NEW)) == (200, 401), "nothing was read again yet"
        serve.process.send_signal(signal.SIGHUP)
        serve.until(lambda: status(serve, NEW) == 200)
        assert status(serve, OLD) == 401
        assert serve.end(signal.SIGTERM) == 0
