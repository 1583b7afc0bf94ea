"""The Helm chart: what it renders is valid, and says what deploy/README.md demands of a worker and of `serve`."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.settings.load import load_settings
from tests.deploy.chart import CHART, VALUES, Manifest, container_of, environment_of, helm, pod_of, rendered
from tests.deploy.manifests import validate

# The first run ever builds Helm.
pytestmark = [pytest.mark.timeout(1800), pytest.mark.usefixtures("helm_is_here")]

WORKLOADS = {"worker": ("StatefulSet", "prod-worker"), "serve": ("Deployment", "prod-serve")}


def workloads(values: str) -> list[Manifest]:
    return [manifest for key, manifest in rendered(values).items() if key in WORKLOADS.values()]


@pytest.mark.parametrize("values", VALUES)
def test_helm_finds_nothing_to_complain_of(values: str) -> None:
    done = helm("lint", "--strict", str(CHART), "-f", str(CHART / "ci" / values))
    assert done.returncode == 0, done.stdout
    assert "[WARNING]" not in done.stdout


@pytest.mark.parametrize("values", VALUES)
def test_every_manifest_is_what_its_schema_says(values: str) -> None:
    for manifest in rendered(values).values():
        validate(manifest)


def test_all_values_that_are_full_make_every_kind() -> None:
    kinds = {kind for kind, _ in rendered("full-values.yaml")}
    assert kinds == {
        *("ConfigMap", "ServiceAccount", "Service", "StatefulSet", "Deployment", "PodDisruptionBudget"),
        *("NetworkPolicy", "ScaledObject", "ServiceMonitor", "PrometheusRule"),
    }
    assert {kind for kind, _ in rendered("least-values.yaml")} == {
        *("ConfigMap", "ServiceAccount", "Service", "StatefulSet", "NetworkPolicy"),
    }


@pytest.mark.parametrize("values", VALUES)
def test_nothing_runs_as_root_or_writes_to_its_image(values: str) -> None:
    for manifest in workloads(values):
        pod, container = pod_of(manifest), container_of(manifest)
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        writable = [mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")]
        assert writable == ["/tmp"]
        assert container["resources"]["limits"]["memory"]


@pytest.mark.parametrize("values", VALUES)
def test_every_volume_is_mounted_and_every_port_of_a_probe_is_open(values: str) -> None:
    for manifest in workloads(values):
        container = container_of(manifest)
        volumes = [volume["name"] for volume in pod_of(manifest)["volumes"]]
        assert sorted(volumes) == sorted(mount["name"] for mount in container["volumeMounts"])
        ports = {port["name"] for port in container["ports"]}
        for probe, path in {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"}.items():
            assert container[probe]["httpGet"]["path"] == path
            assert container[probe]["httpGet"]["port"] in ports


@pytest.mark.parametrize("values", VALUES)
def test_secrets_are_named_and_never_written(values: str) -> None:
    assert not [kind for kind, _ in rendered(values) if kind == "Secret"]
    for manifest in workloads(values):
        for variable in container_of(manifest)["env"]:
            secret = "PASSWORD" in variable["name"] or "TOKEN" in variable["name"]
            assert not secret or variable["value"].startswith("/etc/foreshock/"), variable


@pytest.mark.parametrize(
    ("values", "role"), [*zip(VALUES, ["worker"] * 9, strict=False), ("full-values.yaml", "serve")]
)
def test_selectors_find_the_pods_and_nothing_else(values: str, role: str) -> None:
    labels = rendered(values)[WORKLOADS[role]]["spec"]["template"]["metadata"]["labels"].items()
    for (kind, name), manifest in rendered(values).items():
        spec = manifest.get("spec", {})
        selector = spec.get("podSelector", spec.get("selector"))
        if selector is None or kind == "ServiceMonitor":
            continue
        chosen = selector.get("matchLabels", selector)
        assert (chosen.items() <= labels) == name.endswith(role), (kind, name)


@pytest.mark.parametrize("values", VALUES)
def test_the_worker_starts_with_the_settings_that_its_pod_gets(values: str, tmp_path: Path) -> None:
    worker = rendered(values)["StatefulSet", "prod-worker"]
    settings = settings_in_pod(values, worker, "prod-worker-1", tmp_path)
    assert settings.worker.instance_id == "prod-worker-1"
    assert settings.worker.metrics.host == "0.0.0.0"
    assert settings.worker.metrics.port == container_of(worker)["ports"][0]["containerPort"]
    assert settings.broker.session_timeout_ms == 120_000


def settings_in_pod(values: str, manifest: Manifest, pod: str, tmp_path: Path) -> Any:
    """What `foreshock` would load there; secrets are files with something in them."""
    config = rendered(values)["ConfigMap", "prod-config"]["data"]["foreshock.yaml"]
    (tmp_path / "foreshock.yaml").write_text(config)
    environment = environment_of(manifest, pod)
    assert environment.pop("FORESHOCK_CONFIG") == "/etc/foreshock/config/foreshock.yaml"
    for name, value in environment.items():
        if value.startswith("/etc/foreshock/"):
            place = tmp_path / value.removeprefix("/etc/foreshock/")
            place.parent.mkdir(exist_ok=True)
            place.write_text("something")
            environment[name] = str(place)
    return load_settings(tmp_path / "foreshock.yaml", environment)


def test_a_change_of_the_settings_restarts_the_pods() -> None:
    def checksums(*options: str) -> set[str]:
        found = rendered("plain-values.yaml", *options)
        return {
            found[key]["spec"]["template"]["metadata"]["annotations"]["checksum/config"] for key in WORKLOADS.values()
        }

    [before] = checksums()
    [after] = checksums("--set", "config.worker.log_format=console")
    assert before != after


def test_the_worker_has_time_for_its_last_checkpoint_and_the_session_outlasts_it() -> None:
    worker = rendered("plain-values.yaml")["StatefulSet", "prod-worker"]
    grace_s = pod_of(worker)["terminationGracePeriodSeconds"]
    assert grace_s > 10 + 10
    assert environment_of(worker, "any")["FORESHOCK_BROKER__SESSION_TIMEOUT"] == "2m"
    assert grace_s < 120


def test_keda_never_asks_for_more_workers_than_partitions() -> None:
    scaled = rendered("full-values.yaml")["ScaledObject", "prod-worker"]["spec"]
    assert scaled["maxReplicaCount"] == 32
    assert scaled["scaleTargetRef"] == {"kind": "StatefulSet", "name": "prod-worker"}
    assert scaled["triggers"][0]["metadata"]["ignoreNullValues"] == "false"
    # An upgrade of the release must not put back the number that KEDA chose.
    assert "replicas" not in rendered("full-values.yaml")["StatefulSet", "prod-worker"]["spec"]


def test_the_rules_are_those_of_deploy_prometheus_and_their_jobs_are_scraped() -> None:
    full = rendered("full-values.yaml")
    groups = full["PrometheusRule", "prod"]["spec"]["groups"]
    files = [CHART.parent.parent / "prometheus" / f"{name}.yml" for name in ("recording", "serve", "worker")]
    assert groups == [group for file in files for group in yaml.safe_load(file.read_text())["groups"]]
    jobs = {
        f"prod-{role}": full["ServiceMonitor", f"prod-{role}"]["spec"]["endpoints"][0]["relabelings"]
        for role in WORKLOADS
    }
    for role in WORKLOADS:
        assert jobs[f"prod-{role}"] == [{"targetLabel": "job", "replacement": f"foreshock-{role}"}]
        assert any(f'job="foreshock-{role}"' in rule["expr"] for group in groups for rule in group["rules"])


@pytest.mark.parametrize("values", ["full-values.yaml", "plain-values.yaml"])
def test_serve_starts_with_the_settings_that_its_pod_gets(values: str, tmp_path: Path) -> None:
    serve = rendered(values)["Deployment", "prod-serve"]
    settings = settings_in_pod(values, serve, "prod-serve-abc", tmp_path)
    ports = {port["name"]: port["containerPort"] for port in container_of(serve)["ports"]}
    assert (settings.serve.host, settings.serve.port, settings.serve.grpc_port) == (
        "0.0.0.0",
        ports["http"],
        ports["grpc"],
    )
    assert settings.serve.asks_who


def test_network_policies_let_in_nobody_by_default_but_those_who_are_named() -> None:
    assert rendered("least-values.yaml")["NetworkPolicy", "prod-worker"]["spec"]["ingress"] == []
    full = rendered("full-values.yaml")
    policies = [full["NetworkPolicy", f"prod-{role}"]["spec"] for role in WORKLOADS]
    for policy in policies:
        assert policy["policyTypes"] == ["Ingress", "Egress"]
        assert all(rule.get("from") for rule in policy["ingress"])
        kafka = [rule for rule in policy["egress"] if rule["ports"][0]["port"] == 9093 and "to" in rule]
        assert kafka


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ("worker.replica=3", "additional properties 'replica' not allowed"),
        ("worker.replicas=9", "workers beyond the partitions have nothing to do"),
        ("worker.terminationGracePeriodSeconds=10", "minimum: got 10, want 25"),
        ("config.broker.password=hunter2", "'not' failed"),
        ("image.repository=", "image.repository is not set"),
        ("autoscaling.minReplicas=0", "minimum: got 0, want 1"),
    ],
)
def test_what_cannot_work_is_refused(option: str, complaint: str) -> None:
    values = str(CHART / "ci" / "plain-values.yaml")
    done = helm("template", "prod", str(CHART), "--kube-version", "1.31", "-f", values, "--set", option)
    assert done.returncode != 0
    assert complaint in done.stderr


def test_every_value_is_in_the_schema_and_the_other_way_round() -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    schema = yaml.safe_load((CHART / "values.schema.json").read_text())
    assert schema["properties"].keys() - {"global"} == values.keys()
    for name in values.keys() - {"config", "imagePullSecrets"}:
        assert schema["properties"][name]["properties"].keys() == values[name].keys(), name
