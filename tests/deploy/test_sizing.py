"""The table of deploy/sizing.md is what the program says."""

import re

from load.sizing.plan import Fleet, Sizes, sizes_of
from tests.deploy.dockerfile import ROOT

FLEET = re.compile(r"\| ([\d,]+) series, every (minute|\d+ s|\d+ minutes) \|(.*)\|")
STEPS_S = {"10 s": 10.0, "minute": 60.0, "5 minutes": 300.0}


def cells(sizes: Sizes) -> list[str]:
    gb = [sizes.state_disk_bytes / 1e9, sizes.samples_disk_bytes / 1e9, sizes.predictions_disk_bytes / 1e9]
    return [
        f"{sizes.workers}",
        f"{sizes.partitions}",
        f"{sizes.memory_bytes_per_worker / 1e9:.1f} GB",
        *[f"{each:.1f} GB" if each < 10 else f"{each:,.0f} GB" for each in gb],
        f"{sizes.recovery_s:.0f} s",
    ]


def test_the_table_is_what_the_program_says() -> None:
    rows = FLEET.findall((ROOT / "deploy" / "sizing.md").read_text())
    assert len(rows) == 5
    for series, step, rest in rows:
        fleet = Fleet(int(series.replace(",", "")), STEPS_S[step])
        assert [cell.strip() for cell in rest.split("|")] == cells(sizes_of(fleet))
