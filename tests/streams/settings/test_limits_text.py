"""Files of limits: what they say, and what is wrong with them, by place."""

import pytest

from streams.settings.limits_file import LimitEntry, LimitsFile
from streams.settings.limits_text import number_of, parse_limits


def _entry(limit: float, **labels: str) -> LimitEntry:
    return LimitEntry(frozenset(labels.items()), limit)


def test_a_table_and_a_list_say_the_same() -> None:
    table = "host, volume,limit\na,root, 5e3\n\na,,7\n"
    listed = '[{"labels": {"host": "a", "volume": "root"}, "limit": 5000}, {"labels": {"host": "a"}, "limit": 7.0}]'
    entries = (_entry(5000.0, host="a", volume="root"), _entry(7.0, host="a"))
    assert parse_limits(table, is_json=False) == (entries, [])
    assert parse_limits(listed, is_json=True) == (entries, [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1: must name each column once, and one of them 'limit', has ''"),
        ("host,size\na,1\n", "line 1: must name each column once, and one of them 'limit', has 'host,size'"),
        ("host,host,limit\n", "line 1: must name each column once, and one of them 'limit', has 'host,host,limit'"),
        ("host,limit\n", "has no limit in it"),
        ("host,limit\na,1\nb,2,3\n", "line 3: has 3 cells, the header has 2"),
        ("host,limit\na,much\n", "line 2, limit: must be a finite number"),
        ("host,limit\na,inf\n", "line 2, limit: must be a finite number"),
        ("host,limit\n,1\n", "line 2: names no label: a limit for everything is limit.value"),
        ("host,limit\na,1\nb,1\na,2\n", "line 4: has the labels of line 2"),
    ],
)
def test_problems_of_a_table(text: str, problem: str) -> None:
    _, [found] = parse_limits(text, is_json=False)
    assert str(found) == problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[", "is not JSON: Expecting value: line 1 column 2 (char 1)"),
        ("{}", 'must be a list of objects such as {"labels": {"host": "a"}, "limit": 100}'),
        ("[]", "has no limit in it"),
        ("[1]", "[0]: must be an object with labels and limit, and nothing else"),
        (
            '[{"labels": {"a": "b"}, "limit": 1, "more": 2}]',
            "[0]: must be an object with labels and limit, and nothing else",
        ),
        ('[{"labels": {"a": 1}, "limit": 1}]', "[0].labels: must be an object of texts"),
        ('[{"labels": {"a": "b"}, "limit": "1"}]', "[0].limit: must be a finite number"),
        ('[{"labels": {"a": "b"}, "limit": true}]', "[0].limit: must be a finite number"),
        ('[{"labels": {"a": "b"}, "limit": NaN}]', "[0].limit: must be a finite number"),
        ('[{"labels": {}, "limit": 1}]', "[0]: names no label: a limit for everything is limit.value"),
    ],
)
def test_problems_of_a_list(text: str, problem: str) -> None:
    _, [found] = parse_limits(text, is_json=True)
    assert str(found) == problem


def test_all_problems_are_named_at_once() -> None:
    entries, problems = parse_limits("host,limit\na,x\nb,2\nc,y\n", is_json=False)
    assert [problem.path for problem in problems] == ["line 2, limit", "line 4, limit"]
    assert entries == (_entry(2.0, host="b"),)


@pytest.mark.parametrize(
    ("labels", "limit"),
    [
        ({"host": "a", "volume": "root"}, 5.0),
        ({"host": "a", "volume": "root", "more": "x"}, 5.0),
        ({"host": "a", "volume": "home"}, 7.0),
        ({"host": "a"}, 7.0),
    ],
)
def test_a_series_has_the_limit_of_the_entry_with_most_of_its_labels(labels: dict[str, str], limit: float) -> None:
    file = LimitsFile("x", (_entry(7.0, host="a"), _entry(5.0, host="a", volume="root"), _entry(9.0, volume="tmp")))
    assert file.limit_of(labels) == limit


@pytest.mark.parametrize("labels", [{}, {"host": "b"}, {"host": "a", "volume": "tmp"}])
def test_none_or_two_that_fit_equally_well_are_no_limit(labels: dict[str, str]) -> None:
    file = LimitsFile("x", (_entry(7.0, host="a"), _entry(9.0, volume="tmp")))
    assert file.limit_of(labels) != file.limit_of(labels), "NaN"


@pytest.mark.parametrize(
    ("text", "number"),
    [("10", 10.0), ("-1.5e3", -1500.0), ("", None), ("10 GiB", None), ("1_000", None), ("nan", None), ("1e999", None)],
)
def test_numbers_are_written_plainly(text: str, number: float | None) -> None:
    assert number_of(text) == number
