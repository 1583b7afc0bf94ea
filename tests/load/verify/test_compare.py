"""Two sets of predictions: equal, short, in excess, changed, doubled."""

from load.verify.compare import Prediction, compare


def said(key: str, value: str) -> Prediction:
    return Prediction("forecasts", key, value, (("ce_id", f"{key}|{value}"),))


def test_the_same_records_agree_in_any_order_of_keys() -> None:
    comparison = compare(
        [said("a", "1"), said("b", "1"), said("a", "2")], [said("b", "1"), said("a", "1"), said("a", "2")]
    )
    assert comparison.agrees
    assert comparison.found == {"forecasts": 3, "capacity": 0, "failures": 0, "anomalies": 0, "quality": 0}


def test_records_of_a_key_keep_their_order() -> None:
    assert not compare([said("a", "1"), said("a", "2")], [said("a", "2"), said("a", "1")]).agrees


def test_exact_duplicates_are_dropped_and_counted() -> None:
    comparison = compare(
        [said("a", "1"), said("a", "2")], [said("a", "1"), said("a", "2"), said("a", "1"), said("a", "2")]
    )
    assert (comparison.agrees, comparison.duplicates) == (True, 2)


def test_a_missing_a_further_and_a_changed_record_are_told() -> None:
    assert compare([said("a", "1")], []).differences == ["forecasts a: 0 records, expected 1"]
    assert compare([], [said("a", "1")]).differences == ["forecasts a: 1 records, expected 0"]
    assert compare([said("a", "1")], [said("a", "3")]).differences == ["forecasts a: record 0 is 3, expected 1"]


def test_headers_are_compared_too() -> None:
    assert not compare([said("a", "1")], [said("a", "1")._replace(headers=())]).agrees
