"""The examples for KEDA: what KEDA takes, and what goes wrong easily."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

FOLDER = Path(__file__).parents[4] / "deploy" / "examples" / "keda"

WHOLE = {"type": "integer", "minimum": 0}
TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
SPEC: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["scaleTargetRef", "minReplicaCount", "maxReplicaCount", "fallback", "triggers"],
    "properties": {
        "scaleTargetRef": {"type": "object", "required": ["name"]},
        **dict.fromkeys(("pollingInterval", "cooldownPeriod", "minReplicaCount", "maxReplicaCount"), WHOLE),
        "fallback": {
            "type": "object",
            "additionalProperties": False,
            "required": ["failureThreshold", "replicas"],
            "properties": {
                "failureThreshold": WHOLE,
                "replicas": {"type": "integer", "minimum": 1},
                "behavior": {
                    "enum": ["static", "currentReplicas", "currentReplicasIfHigher", "currentReplicasIfLower"]
                },
            },
        },
        "advanced": {"type": "object"},
        "triggers": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["type", "metadata"],
                # Metadata are texts: a number there is refused by the API server.
                "properties": {
                    "type": {"enum": ["external", "external-push", "metrics-api", "prometheus"]},
                    "metadata": TEXTS,
                    "authenticationRef": {"type": "object", "required": ["name"]},
                },
            },
        },
    },
}
"""The part of KEDA's own schema that the examples use."""


def documents() -> list[dict[str, Any]]:
    return [found for path in sorted(FOLDER.glob("*.yaml")) for found in yaml.safe_load_all(path.read_text())]


def test_each_way_to_ask_has_an_example() -> None:
    types = {trigger["type"] for found in documents() for trigger in found["spec"].get("triggers", ())}
    assert {"external", "external-push", "metrics-api"} <= types


@pytest.mark.parametrize("found", [found for found in documents() if found["kind"] == "ScaledObject"])
def test_scaled_objects_are_what_keda_takes(found: dict[str, Any]) -> None:
    assert found["apiVersion"] == "keda.sh/v1alpha1"
    jsonschema.validate(found["spec"], SPEC)
    for trigger in found["spec"]["triggers"]:
        if trigger["type"].startswith("external"):
            assert {"scalerAddress", "scaler"} <= trigger["metadata"].keys()
    names = {
        trigger["authenticationRef"]["name"] for trigger in found["spec"]["triggers"] if "authenticationRef" in trigger
    }
    assert names <= {other["metadata"]["name"] for other in documents() if other["kind"] == "TriggerAuthentication"}
