"""Quality records added up."""

from typing import Any

import orjson
import pytest

from models.failure.scores import BINS
from models.failure.warnings import LEADS
from streams.cli.sums import lines_of, sums_of, wilson
from tests.golden.laws import LAWS


def record(kind: str = "failure_quality", **fields: Any) -> bytes:
    names = {"failure_quality": {"rule": "errors"}, "hazard_quality": {"hazard": "disk"}}
    common = {
        "kind": kind,
        "within_ms": 3_600_000,
        "looks_settled": 10,
        "brier": 0.1,
        "base_brier": 0.2,
        "bin_looks": [10, *[0] * (BINS - 1)],
        "bin_hits": [1, *[0] * (BINS - 1)],
        "bin_p": [0.5, *[0] * (BINS - 1)],
        "leads": [0, 1, *[0] * (LEADS - 2)],
    }
    return orjson.dumps(common | names[kind] | fields)


FAILURE: dict[str, Any] = {"failures_seen": 4, "warnings": 2, "warnings_right": 1}


def test_records_of_a_rule_add_up_weighted_by_what_is_settled() -> None:
    one, other = record(**FAILURE), record(**FAILURE, looks_settled=30, brier=0.3, base_brier=None)
    (total,) = sums_of([one, other])
    # (10 0.1 + 30 0.3) / 40 = 0.25; (10 0.2) / 40 = 0.05
    assert (total.looks, total.failures, total.warnings, total.warnings_right) == (40, 8, 4, 2)
    assert total.square_error / total.looks == pytest.approx(0.25)
    assert total.base_square_error / total.looks == pytest.approx(0.05)
    assert (total.bin_looks[0], total.bin_hits[0], total.bin_p[0], total.leads[1]) == (20, 2, 1.0, 2)


def test_kinds_and_names_are_told_apart_and_other_records_passed_over() -> None:
    hazard = record("hazard_quality", failures_seen=1, flags=3, flags_right=1)
    total = sums_of([record(**FAILURE), record(rule="late", **FAILURE), hazard, orjson.dumps({"kind": "quality"})])
    assert [one.of for one in total] == ["hazard disk", "rule errors", "rule late"]
    assert (total[0].warnings, total[0].warnings_right) == (3, 1)


def test_few_failures_are_told_with_what_chance_leaves_them() -> None:
    (total,) = sums_of([record(**FAILURE)])
    assert list(lines_of(total)) == [
        "rule errors, within 1h: 1 of it, 10 predictions settled, 4 failures",
        "  Brier score 0.1, of the plain frequency 0.2",
        "  with fewer than 10 failures the shares below say little",
        "  foretold: 1 of 4 (25%; by chance alone 5% to 70%)",
        "  warnings that were right: 1 of 2 (50%; by chance alone 9% to 91%)",
        "  median lead: 2m, to a factor of two",
        "  said 0.0500, came 0.1000, 10 times",
    ]


def test_nothing_settled_says_nothing_of_shares() -> None:
    (total,) = sums_of(
        [record(looks_settled=0, brier=None, base_brier=None, failures_seen=0, warnings=0, warnings_right=0)]
    )
    assert list(lines_of(total)) == ["rule errors, within 1h: 1 of it, 0 predictions settled, 0 failures"]


def test_wilson_by_hand() -> None:
    # p = .5, n = 10, z = 1.96: (0.5 + 0.19208 ± 1.96 sqrt(0.025 + 0.009604)) / 1.38416
    assert wilson(5, 10) == pytest.approx((0.23659, 0.76341), abs=1e-5)
    assert wilson(0, 10)[0] == 0.0
    assert wilson(10, 10)[1] == 1.0


@pytest.mark.parametrize("case", LAWS["intervals"])
def test_wilson_is_that_of_statsmodels(case: dict[str, float]) -> None:
    # 1.96 is the quantile to three digits.
    interval = wilson(int(case["part"]), int(case["whole"]))
    assert interval == pytest.approx((case["low"], case["high"]), rel=1e-4, abs=1e-9)
