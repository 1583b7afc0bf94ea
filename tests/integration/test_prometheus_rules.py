"""The rules of deploy/prometheus: promtool's word on them, and that each alert can be looked up."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.serve.alerting.identity import ALERT_NAMES
from tests.servers import wanted

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = sorted(path for path in (DEPLOY / "prometheus").glob("*.yml") if path.name != "prometheus.yml")
TESTS = sorted((DEPLOY / "prometheus" / "tests").glob("*.yml"))


def promtool(*arguments: str) -> None:
    found = wanted("promtool", "prometheus")
    environment = os.environ | dict(found.environment)
    done = subprocess.run([found.path, *arguments], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def alerts() -> Iterator[dict[str, Any]]:
    for path in RULES:
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from [rule for rule in group["rules"] if "alert" in rule]


def expected() -> dict[str, set[bool]]:
    """Of each alert, whether a test expects it to fire, or not to."""
    found: dict[str, set[bool]] = {}
    for path in TESTS:
        for test in yaml.safe_load(path.read_text())["tests"]:
            for case in test["alert_rule_test"]:
                found.setdefault(case["alertname"], set()).add(bool(case["exp_alerts"]))
    return found


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_promtool_takes_the_rules(path: Path) -> None:
    promtool("check", "rules", "--lint=all", "--lint-fatal", str(path))


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_they_fire_when_they_should(path: Path) -> None:
    promtool("test", "rules", str(path))


def test_promtool_takes_the_configuration() -> None:
    promtool("check", "config", str(DEPLOY / "prometheus" / "prometheus.yml"))


def test_every_alert_is_tested() -> None:
    assert set(expected()) == {alert["alert"] for alert in alerts()}
    assert all(True in cases for cases in expected().values())


def test_every_alert_says_how_urgent_it_is_and_what_to_do() -> None:
    sections = re.findall(r"^### (\w+)$", (DEPLOY / "runbook.md").read_text(), re.MULTILINE)
    assert len(sections) == len(set(sections))
    for alert in alerts():
        assert alert["labels"]["severity"] in {"page", "ticket", "info"}
        assert {"summary", "description", "runbook_url"} == set(alert["annotations"])
        assert alert["annotations"]["runbook_url"] == f"deploy/runbook.md#{alert['alert'].lower()}"
    named = {alert["alert"] for alert in alerts()} | set(ALERT_NAMES.values())
    assert set(sections) == named


def test_every_section_says_what_it_means_and_what_to_do() -> None:
    text = (DEPLOY / "runbook.md").read_text()
    for section in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        for part in ("**Means.**", "**Look at**", "**Do.**"):
            assert section.count(part) == 1, f"{section.splitlines()[0]} lacks {part}"
