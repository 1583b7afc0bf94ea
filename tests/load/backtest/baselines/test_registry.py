"""Baselines by name, and what a person is told who asks for one that can't be had."""

import re
from pathlib import Path

import pytest

from load.backtest.baselines import registry
from load.backtest.errors import BacktestError
from streams.cli.errors import ExtraMissingError

ROOT = Path(__file__).parents[4]


def test_names_are_taken_once_and_seasonal_naive_goes_without_saying() -> None:
    assert registry.asked_for(" naive, oracle,naive,seasonal-naive,") == ("naive", "oracle")
    assert registry.asked_for("seasonal-naive") == ()


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(BacktestError, match=r"no baseline prophet\nthere are seasonal-naive, naive, ets, autoets"):
        registry.asked_for("naive,prophet")


def test_a_missing_extra_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "find_spec", lambda name: None if name in {"river", "statsmodels"} else object())
    assert registry.asked_for("naive,autoets") == ("naive", "autoets")
    with pytest.raises(ExtraMissingError, match=r"a comparison with river .* pip install 'foreshock\[peers\]'"):
        registry.asked_for("snarimax,holtwinters,autoets")
    with pytest.raises(ExtraMissingError, match=re.escape("'.[fit,peers]' in a clone")):
        registry.asked_for("snarimax,ets")


def test_every_baseline_is_in_the_readme() -> None:
    text = (ROOT / "load" / "README.md").read_text()
    assert not [name for name in registry.names() if f"| `{name}` |" not in text]
