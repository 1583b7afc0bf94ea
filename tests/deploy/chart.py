"""The chart as Helm renders it."""

import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.go_modules import GoProgram

ROOT = Path(__file__).parent.parent.parent
CHART = ROOT / "deploy" / "helm" / "foreshock"
HELM = GoProgram("helm", "helm.sh/helm/v3/cmd/helm", "v3.19.0")
KUBERNETES = "1.31"

VALUES = sorted(path.name for path in (CHART / "ci").glob("*-values.yaml"))

Manifest = dict[str, Any]


def helm(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(HELM.path()), *arguments], capture_output=True, text=True, timeout=120, check=False)


@cache
def rendered(values: str, *options: str) -> dict[tuple[str, str], Manifest]:
    """The manifests of a release `prod` in `ops`, by kind and name, with one of the chart's files of values."""
    file = str(CHART / "ci" / values)
    done = helm("template", "prod", str(CHART), "-n", "ops", "--kube-version", KUBERNETES, "-f", file, *options)
    assert done.returncode == 0, done.stderr
    found = [document for document in yaml.safe_load_all(done.stdout) if document]
    by_name = {(document["kind"], document["metadata"]["name"]): document for document in found}
    assert len(by_name) == len(found), "two of one kind and name"
    return by_name


def pod_of(manifest: Manifest) -> Manifest:
    """The pod's spec of a StatefulSet or Deployment."""
    spec: Manifest = manifest["spec"]["template"]["spec"]
    return spec


def container_of(manifest: Manifest) -> Manifest:
    """The one container of its pods."""
    [container] = pod_of(manifest)["containers"]
    assert isinstance(container, dict)
    return container


def environment_of(manifest: Manifest, pod: str) -> dict[str, str]:
    """The variables that its container gets in a pod of that name."""
    return {each["name"]: each.get("value", pod) for each in container_of(manifest)["env"]}
