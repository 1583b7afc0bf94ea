"""The command's verbs, from the entry-point group `foreshock.verbs`: each is imported when it is called or listed."""

import re
from importlib.metadata import EntryPoint, entry_points, requires

import click

from streams.cli.errors import ExtraMissingError, UserError
from streams.near import did_you_mean

GROUP = "foreshock.verbs"
_EXTRA_REQUIREMENT = re.compile(r"""([\w.-]+)[^;]*;.*\bextra\s*==\s*['"]([\w-]+)['"]""")


class VerbGroup(click.Group):
    """A click group that finds its commands among the installed entry points."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_verbs()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        verb = _verbs().get(cmd_name)
        return super().get_command(ctx, cmd_name) if verb is None else _load(verb)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; of an unknown verb it says which may be meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = did_you_mean(args[0], self.list_commands(ctx))
            raise click.UsageError(f"{error.message.rstrip('.')}{near or '.'}", ctx) from error


def extra_with(package: str) -> str | None:
    """The extra of ours that installs a package, or None if none does."""
    for requirement in requires("foreshock") or []:
        match = _EXTRA_REQUIREMENT.match(requirement)
        if match and match[1].replace("-", "_").lower() == package.lower() and match[2] != "dev":
            return match[2]
    return None


def _verbs() -> dict[str, EntryPoint]:
    return {verb.name: verb for verb in entry_points(group=GROUP)}


def _load(verb: EntryPoint) -> click.Command:
    try:
        command = verb.load()
    except ImportError as error:
        return _unavailable(verb.name, error)
    assert isinstance(command, click.Command), f"{verb.value} is no click command"
    return command


def _unavailable(name: str, error: ImportError) -> click.Command:
    """A stand-in for a verb that can't be imported: it is listed, and says what it needs when it is called."""
    extra = extra_with((error.name or "").partition(".")[0])

    def explain(**_: object) -> None:
        raise ExtraMissingError(name, extra) if extra else UserError(f"{name} can't be loaded: {error}")

    # It takes any arguments, and --help with them, lest these be complained of first.
    arguments = click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)
    return click.Command(
        name,
        callback=explain,
        params=[arguments],
        short_help=f"(needs the extra {extra!r})" if extra else f"(can't be loaded: {error})",
        add_help_option=False,
        context_settings={"ignore_unknown_options": True},
    )
