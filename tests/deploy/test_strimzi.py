"""The manifests for Strimzi: what the plans make of the settings beside them, with names that Kubernetes takes."""

import re
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from streams.cli.topics import topics
from tests.deploy.dockerfile import ROOT

STRIMZI = ROOT / "deploy" / "strimzi"
CONFIG = str(STRIMZI / "foreshock.yaml")
OPTIONS = {"topics.yaml": [], "users.yaml": ["--users"]}


def committed(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((STRIMZI / name).read_text()))


@pytest.mark.parametrize("name", OPTIONS)
def test_the_files_are_what_the_command_prints(name: str) -> None:
    done = CliRunner().invoke(topics, ["strimzi", "--config", CONFIG, "--cluster", "kafka", *OPTIONS[name]])
    assert done.exit_code == 0, done.output
    assert done.output == (STRIMZI / name).read_text()


@pytest.mark.parametrize("name", OPTIONS)
def test_kubernetes_takes_the_names(name: str) -> None:
    found = committed(name)
    names = [manifest["metadata"]["name"] for manifest in found]
    assert len(set(names)) == len(names)
    # RFC 1123; a user's name is that of its secret and of a certificate, too.
    assert all(re.fullmatch(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?", name) and len(name) <= 64 for name in names)
    assert {manifest["metadata"]["labels"]["strimzi.io/cluster"] for manifest in found} == {"kafka"}


def test_nobody_may_do_everything() -> None:
    """No wildcard, no operation on the cluster, and what is deleted is deleted by people."""
    for user in committed("users.yaml"):
        for rule in user["spec"]["authorization"]["acls"]:
            assert rule["resource"]["type"] in ("topic", "group")
            assert "*" not in rule["resource"]["name"]
            assert set(rule["operations"]) <= {"Read", "Write", "Create", "Describe", "DescribeConfigs"}
