"""`jos`, the command line: what each command is called; what it does is in `jos.commands`.

Nothing heavy is imported here: `--help` and `--version` answer at once, also when the configuration is broken.
"""

import os
import sys
from typing import Annotated, NoReturn

import typer

from jos import __version__
from jos.commands import (
    check,
    demo,
    figures,
    kpis,
    parked,
    programmes,
    push,
    rebuild,
    serve,
    shards,
    token,
    up,
    verify_log,
)
from jos.exits import Exit, Stop
from jos.strict import StrictCommand, StrictGroup

app = typer.Typer(
    cls=StrictGroup,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="JOS, the backend for Jeugdhulp op School: events in, trustworthy figures out.",
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"jos {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is, and stop.")
    ] = False,
) -> None:
    """JOS, the backend for Jeugdhulp op School: events in, trustworthy figures out."""


COMMANDS = (
    (up.up, "Start everything on this machine, until Ctrl-C."),
    (demo.demo, "The whole way once: start, tell half a year, print."),
    (token.token, "A fresh token of one of the demo's clients."),
    (check.check, "Check a file of events, offline."),
    (push.push, "Push a file of events."),
    (figures.figures, "The page of a programme and a period."),
    (kpis.kpis, "Every KPI: name, unit, what it rests on."),
    (rebuild.rebuild, "Make the ledger anew, compare, and switch."),
    (verify_log.verify_log, "Whether every log is still what was written."),
    (serve.serve, "Run one service here, by JOS_ variables."),
)
"""The commands in the order of the help, each with its line there."""

for command, line in COMMANDS:
    app.command(cls=StrictCommand, short_help=line)(command)
app.add_typer(programmes.app, name="programmes")
app.add_typer(parked.app, name="parked")
app.add_typer(shards.app, name="shards")


def main() -> NoReturn:
    """Run the command line of this process and exit with one of the codes of `jos.exits`."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and give its exit code; what went wrong is one line on stderr, never a stack trace."""
    try:
        app(arguments, prog_name="jos")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else Exit.USAGE
    except Stop as stopped:
        return _say(str(stopped), stopped.code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return _say("interrupted", 130)
    except Exception as error:
        from shared.settings import Misconfigured

        if not isinstance(error, Misconfigured):
            raise
        return _say(str(error), Exit.CONFIGURATION)
    return Exit.OK


def _say(message: str, code: int) -> int:
    typer.echo(f"jos: {message}", err=True)
    return int(code)
