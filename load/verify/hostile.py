"""Hostile messages: bytes and samples that must change nothing but the rejects. Seeded: a run can be repeated."""

import random
from collections.abc import Callable, Sequence

import orjson


def hostile_messages(count: int, metric: str, labels: dict[str, str], seed: int = 0) -> list[bytes]:
    """`count` messages of every kind in turn, aimed at the series of this metric and labels where a kind needs one."""
    chance = random.Random(seed)  # noqa: S311  # not for secrets
    return [MAKERS[place % len(MAKERS)](chance, metric, labels) for place in range(count)]


def _junk(chance: random.Random, _metric: str, _labels: dict[str, str]) -> bytes:
    return b"\xff" + chance.randbytes(chance.randrange(200))


def _truncated(_chance: random.Random, metric: str, labels: dict[str, str]) -> bytes:
    return orjson.dumps({"metric": metric, "labels": labels, "timestamp": 1_700_000_000_000, "value": 1.0})[:-7]


def _deep(chance: random.Random, _metric: str, _labels: dict[str, str]) -> bytes:
    return b"[" * chance.randrange(2, 5_000)


def _prometheus_nan(chance: random.Random, metric: str, labels: dict[str, str]) -> bytes:
    value = chance.choice(["NaN", "+Inf", "-Inf"])
    return orjson.dumps({"name": metric, "labels": labels, "timestamp": "2024-01-01T00:00:00Z", "value": value})


def _absurd_time(chance: random.Random, metric: str, labels: dict[str, str]) -> bytes:
    timestamp = chance.choice(["1970-01-01T00:00:01Z", "2262-04-11T00:00:00Z", "0001-01-01T00:00:00Z"])
    return orjson.dumps({"metric": metric, "labels": labels, "timestamp": timestamp, "value": 1.0})


def _huge_value(chance: random.Random, metric: str, labels: dict[str, str]) -> bytes:
    value = chance.choice([1e300, -1e19])
    return orjson.dumps({"metric": metric, "labels": labels, "timestamp": 1_700_000_000_000, "value": value})


def _wrong_types(chance: random.Random, metric: str, labels: dict[str, str]) -> bytes:
    sample = {"metric": metric, "labels": labels, "timestamp": 1_700_000_000_000, "value": 1.0}
    field = chance.choice(["metric", "labels", "timestamp", "value"])
    return orjson.dumps(sample | {field: chance.choice([True, [[]], {"a": {}}])})


def _label_explosion(chance: random.Random, metric: str, labels: dict[str, str]) -> bytes:
    many = labels | {f"l{n}": str(chance.random()) for n in range(200)}
    return orjson.dumps({"metric": metric, "labels": many, "timestamp": 1_700_000_000_000, "value": 1.0})


def _long_name(_chance: random.Random, metric: str, labels: dict[str, str]) -> bytes:
    long = labels | {"padding": "x" * 10_000}
    return orjson.dumps({"metric": metric, "labels": long, "timestamp": 1_700_000_000_000, "value": 1.0})


def _bad_name(chance: random.Random, _metric: str, labels: dict[str, str]) -> bytes:
    name = chance.choice(["", "a\x00b", 'a{b="c"}'])
    return orjson.dumps({"metric": name, "labels": labels, "timestamp": 1_700_000_000_000, "value": 1.0})


def _empty(chance: random.Random, _metric: str, _labels: dict[str, str]) -> bytes:
    return chance.choice([b"", b"[]", b"{}", b"null", b'"text"', b"1"])


def _jump(chance: random.Random, metric: str, labels: dict[str, str]) -> bytes:
    """A believable sample of a real series, decades from its others: held, and refused by the series' next sample."""
    timestamp = f"20{chance.randrange(60, 99)}-01-01T00:00:00Z"
    return orjson.dumps({"metric": metric, "labels": labels, "timestamp": timestamp, "value": 1e9})


MAKERS: Sequence[Callable[[random.Random, str, dict[str, str]], bytes]] = (
    _junk,
    _truncated,
    _deep,
    _prometheus_nan,
    _absurd_time,
    _huge_value,
    _wrong_types,
    _label_explosion,
    _long_name,
    _bad_name,
    _empty,
    _jump,
)
