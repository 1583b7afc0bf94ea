"""Ratios, the table and the JSON document."""

import io
from collections.abc import Sequence

import orjson
import pytest
from rich.console import Console

from load.bench.machine import machine_facts, machine_line
from load.bench.readings import Reading
from load.bench.report import Contender, Result, document_of, ratio_text, ratios_of, table_of


def result(per_message: int, contender: Contender, *rates: float) -> Result:
    return Result(per_message, contender, [Reading(rate * 2, 2.0, 1.0) for rate in rates])


RESULTS = [
    result(1, Contender.RAW, 200_000, 200_000),
    result(1, Contender.FAUST, 8_000, 10_000, 9_000),
    result(1, Contender.FORESHOCK, 36_000),
    result(100, Contender.RAW, 5_000_000, 4_000_000, 12_000_000),
    result(100, Contender.FAUST, 450_000),
    result(100, Contender.FORESHOCK, 90_000),
]


def shown(results: Sequence[Result]) -> str:
    console = Console(file=io.StringIO(), width=80)
    console.print(table_of(results))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_rate_is_the_median_of_the_rounds() -> None:
    assert RESULTS[1].rate == 9_000
    assert RESULTS[1].span == (8_000, 10_000)


def test_ratios_are_over_the_same_messages_and_over_faust_on_single_samples() -> None:
    ratios = [of_result for _, of_result in ratios_of(RESULTS)]
    assert (ratios[2].raw, ratios[2].faust, ratios[2].faust_one) == pytest.approx((0.18, 4.0, 4.0))
    assert (ratios[5].raw, ratios[5].faust, ratios[5].faust_one) == pytest.approx((0.018, 0.2, 10.0))


def test_what_was_not_measured_is_no_ratio() -> None:
    [(_, ratios)] = ratios_of([RESULTS[5]])
    assert (ratios.raw, ratios.faust, ratios.faust_one) == (None, None, None)
    assert ratio_text(None) == "-"


def test_the_table_fits_a_terminal_and_has_every_row() -> None:
    text = shown(RESULTS)
    assert text.count("\n stock Faust ") == 2
    assert "from 8,000" in text
    assert "..." not in text
    assert "…" not in text
    assert [line for line in text.splitlines() if "foreshock, both hops" in line][1].split()[-3:] == [
        "0.018",
        "0.200",
        "10.00",
    ]


def test_ratios_have_the_decimals_that_say_something() -> None:
    assert [ratio_text(ratio) for ratio in (0.01284, 4.567, 15.02, 1172.6)] == ["0.013", "4.57", "15.02", "1,173"]


def test_the_document_is_json_with_the_numbers_of_the_table() -> None:
    facts = machine_facts()
    document = orjson.loads(orjson.dumps(document_of(RESULTS, facts, {"broker": "b"})))
    assert document["results"][5]["over_stock_faust_on_single_samples"] == pytest.approx(10.0)
    assert document["results"][1]["samples_per_s_rounds"] == [8_000, 10_000, 9_000]
    assert document["machine"]["versions"]["numpy"] in machine_line(facts, "some broker")
