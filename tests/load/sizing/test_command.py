from click.testing import CliRunner

from load.sizing.__main__ import sizing


def test_it_prints_what_a_fleet_takes() -> None:
    done = CliRunner().invoke(sizing, ["--series", "100000", "--step", "1m", "--replicas", "1"])
    assert done.exit_code == 0, done.output
    lines = dict(line.rsplit("  ", 1) for line in done.output.splitlines())
    found = {name.strip(): value.strip() for name, value in lines.items()}
    assert found["samples a second"] == "1,667"
    assert found["workers"] == "2"
    assert found["state"] == "1.35 GB"


def test_a_step_that_is_none_is_refused() -> None:
    done = CliRunner().invoke(sizing, ["--series", "1", "--step", "often"])
    assert done.exit_code == 2
    assert "10s, 5m" in done.output
