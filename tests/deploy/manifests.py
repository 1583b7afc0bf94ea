"""Kubernetes manifests against schemas: those of Kubernetes itself, and those of other projects' own resources."""

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import yaml

from tests.go_modules import GoModule

KUBERNETES = "1.31"

KEDA = GoModule("github.com/kedacore/keda/v2", "v2.17.2")
PROMETHEUS_OPERATOR = GoModule("github.com/prometheus-operator/prometheus-operator", "v0.85.0")

DEFINITIONS = {
    "ScaledObject": (KEDA, "config/crd/bases/keda.sh_scaledobjects.yaml"),
    "ServiceMonitor": (
        PROMETHEUS_OPERATOR,
        "example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml",
    ),
    "PrometheusRule": (
        PROMETHEUS_OPERATOR,
        "example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml",
    ),
}


def validate(manifest: dict[str, Any]) -> None:
    """Raise if a manifest is not what its kind's schema says; fields that the schema does not know count, too."""
    if manifest["kind"] in DEFINITIONS:
        jsonschema.validate(manifest, _closed(_schema(manifest["kind"], manifest["apiVersion"])))
    else:
        kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


@cache
def _schema(kind: str, api_version: str) -> dict[str, Any]:
    module, path = DEFINITIONS[kind]
    definition = yaml.safe_load((Path(module.path()) / path).read_text())
    served = {f"{definition['spec']['group']}/{version['name']}": version for version in definition["spec"]["versions"]}
    schema: dict[str, Any] = served[api_version]["schema"]["openAPIV3Schema"]
    return schema


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    """Without room for fields that are not named: the API server would drop them, and nobody would see."""
    properties = schema.get("properties", {})
    closed = {**schema}
    if properties:
        closed["properties"] = {name: _closed(each) for name, each in properties.items() if name != "metadata"}
        if "metadata" in properties:
            closed["properties"]["metadata"] = properties["metadata"]
        closed.setdefault("additionalProperties", False)
    if "items" in schema:
        closed["items"] = _closed(schema["items"])
    if isinstance(schema.get("additionalProperties"), dict):
        closed["additionalProperties"] = _closed(schema["additionalProperties"])
    if "pattern" in schema:
        # Go's flags may stand anywhere, Python's come first.
        plain = schema["pattern"].replace("(?i)", "")
        closed["pattern"] = plain if plain == schema["pattern"] else f"(?i){plain}"
    return closed
