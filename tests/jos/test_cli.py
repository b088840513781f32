"""How commands end: exit codes, and what is written where (bad-inputs L-01 to L-15)."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from jos.cli import run
from jos.exits import Exit
from jos.pushing import problem

USAGE = [[], ["bogus"], ["up", "--bogus"], ["push"], ["serve", "bogus"], ["token", "--client", "a", "--client", "b"]]
SECRET = [["token", "--client", "demo-ehr", "--secret", "abc"], ["up", "--password", "abc"]]


@pytest.mark.parametrize("arguments", [*USAGE, *SECRET], ids=" ".join)
def test_a_wrong_command_line_is_usage_on_stderr_alone(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == Exit.USAGE
    written = capsys.readouterr()
    assert written.out == ""
    assert "Usage: jos" in written.err


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["push", "--help"]], ids=" ".join)
def test_help_and_version_work_with_a_broken_configuration(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOS_DB_POOLSIZE", "many")
    assert run(arguments) == Exit.OK
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("JOS_DB_POOLSIZE", "5"),
        ("JOS_PORT", "65536"),
        ("JOS_RATE_PER_SECOND", "many"),
        ("JOS_SECRETS_DIR", "/no/such/place"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_the_key_and_not_the_value(key: str, value: str) -> None:
    plain = {name: given for name, given in os.environ.items() if not name.startswith("JOS_")}
    done = subprocess.run(
        [sys.executable, "-m", "jos", "serve", "registry"],
        env={**plain, key: value},
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    assert done.returncode == Exit.CONFIGURATION
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert key in done.stderr
    assert value not in done.stderr


def _fifo(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    "make", [lambda _path: None, Path.mkdir, _fifo], ids=["missing", "a directory", "a named pipe"]
)
def test_an_input_that_is_no_file_is_said_so(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "events.ndjson")
    assert run(["push", str(tmp_path / "events.ndjson"), "--data", str(tmp_path)]) == Exit.NO_INPUT


def test_nothing_running_is_unavailable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["token", "--client", "demo-ehr", "--data", str(tmp_path / "none")]) == Exit.UNAVAILABLE
    assert capsys.readouterr().out == ""


def test_a_directory_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert run(["up", "--data", str(tmp_path / "file" / "data")]) == Exit.CANNOT_CREATE


def test_no_line_of_the_help_is_cut_off(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--help"])
    commands = capsys.readouterr().out.partition("Commands:")[2]
    assert commands
    assert "..." not in commands


def test_a_refusal_says_where_and_what_to_do_instead() -> None:
    errors = [
        {"pointer": "/query/limt", "code": "unknown-field", "message": "Unknown", "hint": "did you mean 'limit'?"}
    ]
    refused = httpx.Response(400, json={"code": "unknown-field", "detail": "Only known fields.", "errors": errors})
    assert problem(refused) == "unknown-field: /query/limt: did you mean 'limit'?"
    gone = httpx.Response(404, json={"code": "not-found", "detail": "Does not exist, or not for you.", "errors": []})
    assert problem(gone) == "not-found: Does not exist, or not for you."
