"""The kinds of records, each with its fields and the form of its keys: what the contract is generated from."""

from types import MappingProxyType
from typing import Any, NamedTuple

from streams.contract.records.anomalies import AnomalyFields
from streams.contract.records.capacity import CapacityFields
from streams.contract.records.entity_quality import HazardQualityFields, ObjectiveQualityFields
from streams.contract.records.events import EventFields
from streams.contract.records.failures import FailureFields, FailureQualityFields
from streams.contract.records.forecasts import ForecastFields, QualityFields
from streams.contract.records.hazards import HazardFields
from streams.contract.records.incidents import IncidentFields
from streams.contract.records.objectives import ObjectiveFields
from streams.contract.records.rejects import RejectFields
from streams.contract.records.samples import SamplesFields
from streams.contract.records.signals import SignalsFields
from streams.contract.records.silence import SilenceFields
from streams.schema import RecordKind


class Kind(NamedTuple):
    """One kind: its fields, a TypedDict that its builder is checked against; and a pattern of its keys."""

    fields: Any
    key: str


_SOURCE_KEY = r"^.+/\d+$"

KINDS = MappingProxyType(
    {
        RecordKind.SAMPLES: Kind(SamplesFields, _SOURCE_KEY),
        RecordKind.EVENT: Kind(EventFields, _SOURCE_KEY),
        RecordKind.SILENCE: Kind(SilenceFields, _SOURCE_KEY),
        RecordKind.FORECAST: Kind(ForecastFields, r"^forecast\|.+$"),
        RecordKind.CAPACITY: Kind(CapacityFields, r"^capacity\|.+\|.+$"),
        RecordKind.FAILURE: Kind(FailureFields, r"^failure\|.+\|.+$"),
        RecordKind.FAILURE_QUALITY: Kind(FailureQualityFields, r"^failure_quality\|.+\|.+$"),
        RecordKind.ANOMALY: Kind(AnomalyFields, r"^anomaly\|.+\|.+$"),
        RecordKind.INCIDENT: Kind(IncidentFields, r"^incident\|.+$"),
        RecordKind.HAZARD: Kind(HazardFields, r"^hazard\|.+\|.+$"),
        RecordKind.OBJECTIVE: Kind(ObjectiveFields, r"^objective\|.+\|.+$"),
        RecordKind.HAZARD_QUALITY: Kind(HazardQualityFields, r"^hazard_quality\|.+\|.+$"),
        RecordKind.OBJECTIVE_QUALITY: Kind(ObjectiveQualityFields, r"^objective_quality\|.+\|.+$"),
        RecordKind.QUALITY: Kind(QualityFields, r"^quality\|.+$"),
        RecordKind.REJECT: Kind(RejectFields, r"^.+/\d+/\d+/-?\d+$"),
        RecordKind.SIGNALS: Kind(SignalsFields, r"^\d+/\d+$"),
    }
)
"""Every kind of record on our topics."""

assert KINDS.keys() == set(RecordKind)
