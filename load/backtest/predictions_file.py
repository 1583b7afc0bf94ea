"""capacity, failures, hazards, objectives and anomaly_episodes.parquet: the fields of the records, as columns.

A record's `labels` are JSON text here, for which labels there are differs from series to series; so are lists. Times in
`_ms` stay whole milliseconds since 1970, as in the records.
"""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from streams.records import OutputRecord
from streams.schema import RecordKind

TEXT, WHOLE, NUMBER, FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()

Columns = list[tuple[str, pa.DataType]]

_SUBJECT: Columns = [
    ("v", WHOLE),
    ("kind", TEXT),
    ("series", TEXT),
    ("metric", TEXT),
    ("labels", TEXT),
    ("entity", TEXT),
    ("origin_ms", WHOLE),
    ("last_sample_at_ms", WHOLE),
    ("expires_at_ms", WHOLE),
    ("step_ms", WHOLE),
    ("transform", TEXT),
    ("samples_seen", WHOLE),
    ("model", TEXT),
    ("suppressed", FLAG),
    ("rule", TEXT),
]
_CAPACITY: Columns = [
    *_SUBJECT,
    ("direction", TEXT),
    ("limit", NUMBER),
    ("level", NUMBER),
    ("gap", NUMBER),
    ("status", TEXT),
    ("urgency", NUMBER),
    ("p_within_1h", NUMBER),
    ("p_within_6h", NUMBER),
    ("p_within_24h", NUMBER),
    ("p_within_7d", NUMBER),
    ("p_within_30d", NUMBER),
    ("exhausted_at_p10_ms", WHOLE),
    ("exhausted_at_p50_ms", WHOLE),
    ("exhausted_at_p90_ms", WHOLE),
    ("eta_horizon_h", NUMBER),
    ("supported_h", NUMBER),
    ("eta_supported", FLAG),
    ("drift_per_h", NUMBER),
    ("levels_seen", WHOLE),
    ("horizons_h", pa.list_(NUMBER)),
    ("experts", pa.list_(TEXT)),
    ("looks_settled", pa.list_(WHOLE)),
    ("brier", pa.list_(NUMBER)),
    ("base_brier", pa.list_(NUMBER)),
]
_FAILURES: Columns = [
    *_SUBJECT,
    ("threshold", NUMBER),
    ("side", TEXT),
    ("for_ms", WHOLE),
    ("within_ms", WHOLE),
    ("probability", NUMBER),
    ("p_within_15m", NUMBER),
    ("p_within_1h", NUMBER),
    ("p_within_24h", NUMBER),
    ("breaking", FLAG),
    ("is_prior", FLAG),
    ("forecast_weight", NUMBER),
    ("looks_settled", WHOLE),
    ("failures_seen", WHOLE),
    ("brier", NUMBER),
    ("base_brier", NUMBER),
    ("precision", NUMBER),
    ("recall", NUMBER),
    ("lead_p50_ms", NUMBER),
]

_ANOMALIES: Columns = [
    *[column for column in _SUBJECT if column[0] != "rule"],
    ("anomaly", TEXT),
    ("state", TEXT),
    ("episode", TEXT),
    ("start_ms", WHOLE),
    ("found_ms", WHOLE),
    ("last_ms", WHOLE),
    ("end_ms", WHOLE),
    ("peak_ms", WHOLE),
    ("score", NUMBER),
    ("value", NUMBER),
    ("expected_low", NUMBER),
    ("expected_high", NUMBER),
    ("factor", NUMBER),
]

ANOMALIES_SCHEMA = pa.schema(_ANOMALIES)
_HAZARDS: Columns = [
    ("v", WHOLE),
    ("kind", TEXT),
    ("entity", TEXT),
    ("labels", TEXT),
    ("origin_ms", WHOLE),
    ("last_sample_at_ms", WHOLE),
    ("expires_at_ms", WHOLE),
    ("model", TEXT),
    ("hazard", TEXT),
    ("within_ms", WHOLE),
    ("probability", NUMBER),
    ("failing", FLAG),
    ("is_prior", FLAG),
    ("calibration", TEXT),
    ("score", NUMBER),
    ("flagged", FLAG),
    ("threshold", NUMBER),
    ("flag_budget", NUMBER),
    ("flagged_since_ms", WHOLE),
    ("drivers", TEXT),
    ("looks_settled", WHOLE),
    ("failures_seen", WHOLE),
    ("brier", NUMBER),
    ("base_brier", NUMBER),
    ("bin_looks", TEXT),
    ("bin_hits", TEXT),
    ("bin_p", TEXT),
    ("flags", WHOLE),
    ("flags_right", WHOLE),
    ("lead_p50_ms", NUMBER),
]

_OBJECTIVES: Columns = [
    ("v", WHOLE),
    ("kind", TEXT),
    ("entity", TEXT),
    ("labels", TEXT),
    ("origin_ms", WHOLE),
    ("last_sample_at_ms", WHOLE),
    ("expires_at_ms", WHOLE),
    ("model", TEXT),
    ("objective", TEXT),
    ("target_percent", NUMBER),
    ("window_ms", WHOLE),
    ("events", NUMBER),
    ("bad_events", NUMBER),
    ("budget_left", NUMBER),
    ("exhausted_at_ms", WHOLE),
    ("alerts", TEXT),
    ("alerting", FLAG),
    ("p_alert_within_15m", NUMBER),
    ("p_alert_within_1h", NUMBER),
    ("p_alert_within_24h", NUMBER),
    ("is_prior", FLAG),
    ("looks_settled", WHOLE),
    ("alerts_seen", WHOLE),
    ("brier", NUMBER),
    ("base_brier", NUMBER),
    ("precision", NUMBER),
    ("recall", NUMBER),
    ("lead_p50_ms", NUMBER),
]

CAPACITY_SCHEMA = pa.schema(_CAPACITY)
HAZARDS_SCHEMA = pa.schema(_HAZARDS)
OBJECTIVES_SCHEMA = pa.schema(_OBJECTIVES)
FAILURES_SCHEMA = pa.schema(_FAILURES)

GROUP_ROWS = 20_000

Prediction = dict[str, Any]


class PredictionsFile:
    """The predictions of one kind.

    Attributes
    ----------
    newest
        The newest prediction of each key.
    """

    def __init__(self, path: Path, topic: str, kind: RecordKind, schema: pa.Schema) -> None:
        self.newest: dict[bytes, Prediction] = {}
        self.count = 0
        self._topic, self._kind = topic, kind
        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._waiting: list[Prediction] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type | None, error: BaseException | None, _trace: TracebackType | None) -> None:
        if error is None:
            self._write()
        self._writer.close()

    def write(self, records: Iterable[OutputRecord]) -> None:
        """Add the records that are of this kind."""
        for record in records:
            if record.topic == self._topic and record.value is not None:
                prediction = orjson.loads(record.value)
                if prediction["kind"] == self._kind:
                    self.newest[record.key] = prediction
                    self._waiting.append({name: self._cell(name, value) for name, value in prediction.items()})
        if len(self._waiting) >= GROUP_ROWS:
            self._write()

    def _write(self) -> None:
        self._writer.write_table(pa.Table.from_pylist(self._waiting, self._schema))
        self.count += len(self._waiting)
        self._waiting = []

    def _cell(self, name: str, value: Any) -> Any:
        """What a column of text can't hold, as JSON."""
        is_text = name in self._schema.names and self._schema.field(name).type == TEXT
        return orjson.dumps(value).decode() if is_text and isinstance(value, dict | list) else value
