"""The Dockerfile as data: its stages, and what stands in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DOCKERFILE = ROOT / "deploy" / "image" / "Dockerfile"

Instruction = tuple[str, str]


@dataclass
class Stage:
    """What follows a FROM: its name, what it is built on, and its instructions."""

    name: str
    base: str
    instructions: list[Instruction] = field(default_factory=list)

    def all(self, word: str) -> list[str]:
        """The arguments of every such instruction."""
        return [rest for each, rest in self.instructions if each == word]


def stages(text: str) -> dict[str, Stage]:
    """Every stage by its name, in order; instructions before the first FROM are left out."""
    found: dict[str, Stage] = {}
    for word, rest in _instructions(text):
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            found[name] = Stage(name, base)
        elif found:
            found[list(found)[-1]].instructions.append((word, rest))
    return found


def arguments(text: str) -> dict[str, str]:
    """The build arguments before the first FROM, with their defaults."""
    before = text.partition("\nFROM ")[0]
    return dict(rest.split("=", 1) for word, rest in _instructions(before) if word == "ARG")


def copied(rest: str) -> tuple[str | None, list[str], str]:
    """What a COPY copies: the stage it is from, its sources, and where to."""
    stage = re.match(r"--from=(\S+) ", rest)
    *sources, target = rest[stage.end() :].split() if stage else rest.split()
    return stage[1] if stage else None, sources, target


def _instructions(text: str) -> Iterator[Instruction]:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        word, _, rest = line.strip().partition(" ")
        yield word, " ".join(rest.split())
