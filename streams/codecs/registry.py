"""The codecs by name. To add one: a file beside this, a line below, and its row in the tests' corpus."""

from typing import Protocol

from streams.codecs.auto import AutoCodec
from streams.codecs.native import NativeCodec
from streams.codecs.otlp_json import OtlpJsonCodec
from streams.codecs.prometheus import PrometheusCodec
from streams.codecs.remote_write import RemoteWriteCodec
from streams.codecs.telegraf import TelegrafCodec
from streams.columns import Columns


class Codec(Protocol):
    """One wire format of telemetry."""

    @property
    def name(self) -> str: ...

    def decode(self, payload: bytes, rows_max: int) -> Columns:
        """Read one message. Never raises: what can't be read is among the columns' rejects.

        Parameters
        ----------
        payload
            The message's value, whatever its bytes.
        rows_max
            A message of more samples is refused whole.
        """
        ...


_KNOWN: tuple[Codec, ...] = (
    AutoCodec(),
    NativeCodec(),
    PrometheusCodec(),
    TelegrafCodec(),
    OtlpJsonCodec(),
    RemoteWriteCodec(),
)
_CODECS = {known.name: known for known in _KNOWN}


def names() -> tuple[str, ...]:
    """The codecs a source may name in the settings."""
    return tuple(_CODECS)


def codec(name: str) -> Codec:
    """The codec of that name, which the settings have checked."""
    return _CODECS[name]
