"""What checkpoints cost, by hand-made records."""

import pytest

from load.recovery.sizes import Cost, Size, costs, document_of, kind_of, sizes_of, total
from streams.checkpoint import Write


@pytest.mark.parametrize(
    ("key", "kind"),
    [(b"m/4-9f3a01bc", "manifest"), (b"s/head/4-9f/1", "head"), (b"s/forecast/00007/4-9f/0", "forecast")],
)
def test_the_kind_stands_in_the_key(key: bytes, kind: str) -> None:
    assert kind_of(key) == kind


def test_sizes_are_added_up_by_kind_and_tombstones_have_none() -> None:
    writes = [
        Write(b"s/forecast/00000/w/0", bytes(1_000)),
        Write(b"s/forecast/00001/w/0", bytes(2_000)),
        Write(b"s/forecast/00002/w/0", None),
        Write(b"m/w", b"{}"),
    ]
    sizes = sizes_of(writes)
    assert sizes.keys() == {"forecast", "manifest"}
    assert sizes["forecast"].plain == 3_000 + 2 * len(b"s/forecast/00000/w/0")
    assert sizes["forecast"].zstd < 200, "zeros compress"
    assert sizes["manifest"].plain == len(b"m/w{}")
    assert total(sizes) == sizes["forecast"] + sizes["manifest"]


def test_cost_falls_with_the_interval_and_replay_grows() -> None:
    assert costs(Size(12_000, 6_000), series=10, intervals=(1, 30)) == [
        Cost(1, 1_200.0, 600.0, 10),
        Cost(30, 40.0, 20.0, 300),
    ]


def test_the_document_is_per_series() -> None:
    assert document_of({"grid": Size(800, 80)}, series=8) == {
        "grid": {"bytes_per_series": 100.0, "zstd_bytes_per_series": 10.0}
    }
