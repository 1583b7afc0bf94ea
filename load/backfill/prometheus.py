"""History out of a Prometheus, or anything that answers ``/api/v1/query_range`` as it does, as a recording.

It is asked for a slice of time after the other, all queries of each, so that memory holds one slice and samples come in
the order of time over all series. Samples are those of the query at multiples of the step, not the scraped ones.
"""

import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import orjson

from load.backfill.errors import HistoryError, QueryError
from load.recordings.table import SampleTable, concatenate, slices, sort_by_time
from streams.series import SeriesKey, labels_of

NAME_LABEL = "__name__"
STEPS_AT_ONCE = 120
"""Of a slice: what is held at a time is so many samples of each series."""

TRIES = 6
PAUSE_S = 0.5
TIMEOUT_S = 60.0
REPLY_BYTES_MAX = 512 * 2**20


@dataclass(frozen=True, slots=True)
class PrometheusHistory:
    """A `Recording` of queries from `start_ms` to before `stop_ms`, both on multiples of `step_ms`."""

    url: str
    queries: Sequence[str]
    start_ms: int
    stop_ms: int
    step_ms: int
    token: str | None = None
    sleep: Callable[[float], None] = time.sleep

    def span_ms(self) -> tuple[int, int]:
        """First and last event time that there may be."""
        return self.start_ms, self.stop_ms - self.step_ms

    def tables(self, rows_max: int) -> Iterator[SampleTable]:
        """See `load.recordings.recording.Recording`."""
        width_ms = STEPS_AT_ONCE * self.step_ms
        for begin_ms in range(self.start_ms, self.stop_ms, width_ms):
            last_ms = min(begin_ms + width_ms, self.stop_ms) - self.step_ms
            found = [_table(query, self._ask(query, begin_ms, last_ms)) for query in self.queries]
            yield from slices(sort_by_time(concatenate(found)), rows_max)

    def _ask(self, query: str, begin_ms: int, last_ms: int) -> list[dict[str, object]]:
        form = {"query": query, "start": begin_ms / 1000, "end": last_ms / 1000, "step": self.step_ms / 1000}
        request = urllib.request.Request(  # noqa: S310  # the command takes http and https alone
            f"{self.url.rstrip('/')}/api/v1/query_range", urllib.parse.urlencode(form).encode()
        )
        if self.token is not None:
            request.add_header("Authorization", f"Bearer {self.token}")
        for attempt in range(TRIES):
            if attempt:
                self.sleep(PAUSE_S * 2**attempt)
            try:
                with urllib.request.urlopen(request, timeout=TIMEOUT_S) as reply:  # noqa: S310  # as above
                    return _result(query, reply.read(REPLY_BYTES_MAX))
            except urllib.error.HTTPError as error:
                if error.code < 500 and error.code != 429:
                    raise QueryError(f"{self.url} refuses {query!r}: {_reason(error)}") from error
                problem: Exception = error
            except OSError as error:
                problem = error
        raise HistoryError(f"{self.url} does not answer, asked {TRIES} times: {problem}")


def _result(query: str, reply: bytes) -> list[dict[str, object]]:
    try:
        data = orjson.loads(reply)["data"]
        if data["resultType"] == "matrix":
            found: list[dict[str, object]] = data["result"]
            return found
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise QueryError(f"the answer to {query!r} is none of Prometheus': {error!r:.200}") from error
    raise QueryError(f"the answer to {query!r} is no range of samples")


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        return f"{error.code} {orjson.loads(error.read())['error']}"
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return f"{error.code} {error.reason}"


def _table(query: str, result: Sequence[dict[str, object]]) -> SampleTable:
    """The samples series by series; staleness and other values that are none are left out."""
    keys, index, times, values = [], [], [], []
    for place, one in enumerate(result):
        keys.append(_key(query, one["metric"]))
        points = np.array(one["values"], np.float64)
        finite = np.isfinite(points[:, 1])
        times.append(np.round(points[finite, 0] * 1000).astype(np.int64))
        values.append(points[finite, 1])
        index.append(np.full(len(values[-1]), place, np.int64))
    if not keys:
        return SampleTable([], np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    return SampleTable(keys, np.concatenate(index), np.concatenate(times), np.concatenate(values))


def _key(query: str, metric: object) -> SeriesKey:
    labels = dict(metric) if isinstance(metric, dict) else {}
    name = labels.pop(NAME_LABEL, None)
    if name is None:
        raise QueryError(f"{query!r} gives series without a name: ask for metrics as they are, or by recording rules")
    return SeriesKey(name, labels_of(labels))
