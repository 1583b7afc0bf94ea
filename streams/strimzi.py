"""The plans of topics and of access as manifests of Strimzi, which runs Kafka on Kubernetes."""

from typing import Any

from streams.access import Permission, User
from streams.topics import TopicSpec

API_VERSION = "kafka.strimzi.io/v1beta2"


def topic_manifest(spec: TopicSpec, cluster: str) -> dict[str, Any]:
    """A KafkaTopic."""
    return {
        **_head("KafkaTopic", spec.name, cluster),
        "spec": {
            "topicName": spec.name,
            "partitions": spec.partitions,
            "replicas": spec.replication_factor,
            "config": dict(spec.configs),
        },
    }


def user_manifest(user: User, cluster: str) -> dict[str, Any]:
    """A KafkaUser with a SCRAM password, which the operator makes and puts into a secret of the user's name."""
    return {
        **_head("KafkaUser", user.name, cluster, {"foreshock.dev/purpose": user.purpose}),
        "spec": {
            "authentication": {"type": "scram-sha-512"},
            "authorization": {"type": "simple", "acls": [_acl(permission) for permission in user.permissions]},
        },
    }


def _head(kind: str, name: str, cluster: str, annotations: dict[str, str] | None = None) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name, "labels": {"strimzi.io/cluster": cluster}}
    if annotations:
        metadata["annotations"] = annotations
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": metadata}


def _acl(permission: Permission) -> dict[str, Any]:
    pattern = "prefix" if permission.is_prefix else "literal"
    return {
        "resource": {"type": permission.resource.value, "name": permission.name, "patternType": pattern},
        "operations": [operation.value for operation in permission.operations],
        "host": "*",
    }
