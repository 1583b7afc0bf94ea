"""The golden numbers of distributions, for the tests that compare with them."""

import json
from pathlib import Path

LAWS: dict[str, list[dict[str, float]]] = json.loads(Path(__file__).with_name("laws.json").read_text())

RELATIVE = 1e-9
