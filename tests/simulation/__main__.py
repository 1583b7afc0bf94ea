"""Try seeds: ``python -m tests.simulation SEEDS [FIRST]``. Ends with 1 if anything was lost, doubled, or went wrong."""

import logging
import sys
from collections import Counter

import structlog

from tests.simulation.toys import run_toys, script_of


def main(seeds: int, first: int = 0) -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    totals: Counter[str] = Counter()
    failed = 0
    for seed in range(first, first + seeds):
        problems = []
        try:
            outcome = run_toys(script_of(seed))
            totals.update(outcome.counts)
            problems = outcome.problems
        except AssertionError as error:
            problems = [repr(error)]
        if problems:
            failed += 1
            print(f"seed {seed}: {'; '.join(problems)}\n  again: make sim SEEDS=1 FIRST={seed}")
    print(f"{seeds} seeds, " + ", ".join([f"{number} {name}" for name, number in sorted(totals.items())]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
