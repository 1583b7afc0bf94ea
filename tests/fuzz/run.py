"""Fuzz every decoder for some time, in turn: ``nice -n 15 python -m tests.fuzz.run --minutes 60``.

Prints how many examples each target was given. A failure is shrunk and printed by hypothesis, and ends the target's
turns; the others go on. Exit code 1 if there was one.
"""

import argparse
import sys
import time
import traceback
from collections import Counter

from tests.fuzz.targets import TARGETS, runner_of

EXAMPLES_A_TURN = 2_000


def main() -> int:
    """Take turns until the time is up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--only", choices=sorted(TARGETS), action="append")
    parser.add_argument("--seed", type=int, default=0, help="of the first turn; each turn has the next one")
    chosen = parser.parse_args()
    going = list(chosen.only or TARGETS)
    end_s = time.monotonic() + 60 * chosen.minutes
    examples: Counter[str] = Counter()
    turn, failed = chosen.seed, []
    while going and time.monotonic() < end_s:
        for name in list(going):
            try:
                runner_of(name, EXAMPLES_A_TURN, turn)()
                examples[name] += EXAMPLES_A_TURN
            except Exception:
                traceback.print_exc()
                going.remove(name)
                failed.append(name)
            if time.monotonic() > end_s:
                break
        turn += 1
        print(f"seed {turn}: " + ", ".join(f"{name} {count:,}" for name, count in examples.items()), flush=True)
    print(f"{sum(examples.values()):,} examples in {chosen.minutes:g} minutes; failed: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
