"""The page about autoscalers names every refusal, with its status."""

from pathlib import Path

from streams.serve.scaling.core.refusals import RefusalReason
from streams.serve.scaling.keda.status import status_of

PAGE = Path(__file__).parents[4] / "streams" / "serve" / "scaling" / "README.md"


def test_every_refusal_has_its_sentence_and_its_status() -> None:
    rows = [
        line.split("|") for line in PAGE.read_text().partition("## Refusals")[2].splitlines() if line.startswith("| `")
    ]
    assert {row[1].strip().strip("`"): row[3].strip() for row in rows} == {
        reason.value: status_of(reason).name for reason in RefusalReason
    }
    assert all(row[2].strip().endswith(".") for row in rows)
