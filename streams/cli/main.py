"""The command `foreshock`: its root, and how it ends.

Exit codes: 0 done; 1 failed while running; 2 the command line or the configuration is wrong; 3 the broker can't be
reached; 130 Ctrl-C (`streams.cli.errors.ExitCode`).
"""

import sys
from collections.abc import Sequence

import click

from streams.cli.errors import ExitCode, UserError
from streams.cli.verbs import VerbGroup
from streams.cli.versions import versions


def _print_versions(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        for name, version in versions().items():
            click.echo(f"{name} {version}")
        context.exit()


@click.group(
    cls=VerbGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 failed while running, 2 wrong command line or configuration, "
    "3 broker can't be reached, 130 Ctrl-C.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_versions,
    help="Print versions, and end.",
)
def foreshock() -> None:
    """Streaming predictive insights: telemetry topics in, capacity and failure predictions out."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command, `sys.argv` by default, and return its exit code."""
    try:
        code = foreshock.main(arguments, prog_name="foreshock", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("foreshock: interrupted", err=True)
        return ExitCode.INTERRUPTED
    except UserError as error:
        click.echo(f"foreshock: {error}", err=True)
        return error.exit_code
    # click passes on the code of a context's exit(), else what the verb returned.
    return code if isinstance(code, int) else ExitCode.OK


def main() -> None:
    """The console script."""
    sys.exit(run())
