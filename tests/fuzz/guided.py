"""A fuzz target whose examples atheris chooses, by the branches of our code that they reach.

``pip install atheris`` first, which is none of our dependencies; then ``python -m tests.fuzz.guided codecs
-max_total_time=600``. What follows the target's name goes to libFuzzer.
"""

import sys

import atheris

with atheris.instrument_imports(include=["streams"]):
    from tests.fuzz.targets import TARGETS, runner_of


def main() -> None:
    """Fuzz one target until libFuzzer has enough, or a check fails."""
    name, *options = sys.argv[1:]
    if name not in TARGETS:
        sys.exit(f"there is no target {name!r}; the targets are {', '.join(TARGETS)}")
    fuzz_one = runner_of(name, examples=1).hypothesis.fuzz_one_input  # type: ignore[attr-defined]
    atheris.Setup([sys.argv[0], *options], fuzz_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
