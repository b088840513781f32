"""`jos check`: what the interventions service would say of a file, without asking it."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jos.commands.options import Json
from jos.exits import Exit, Stop

if TYPE_CHECKING:
    from services.interventions.reading import Unreadable


def check(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="NDJSON (one event a line), or one JSON array; - is standard input.")
    ],
    as_json: Json = False,
) -> None:
    """Check events offline: everything that needs no registry is judged as the service judges it.

    Ends with 65 when an event would be rejected; every error names its line, its place and its code.
    """
    from jos.event_files import open_events, read_events
    from services.interventions import lessons  # noqa: F401 - registers the codes
    from services.interventions.reading import Unreadable, read
    from shared.clock import SystemClock

    counts: Counter[str] = Counter()
    now = SystemClock().now()
    with open_events(file) as opened:
        for numbered in read_events(opened):
            try:
                read(numbered.event, _organisation(numbered.event), now)
                counts["right"] += 1
            except Unreadable as wrong:
                counts["wrong"] += 1
                _tell(numbered.line, wrong, as_json)
    if as_json:
        typer.echo(json.dumps({"right": counts["right"], "wrong": counts["wrong"]}))
    else:
        typer.echo(f"{counts['right']} right, {counts['wrong']} wrong")
    if counts["wrong"]:
        raise Stop(Exit.DATA, f"{counts['wrong']} events would be rejected")


def _organisation(event: dict[str, Any]) -> str:
    """Whose the event says it is: offline nobody else can tell."""
    parts = str(event.get("source")).split(":")
    return ":".join(parts[2:4])


def _tell(line: int, wrong: "Unreadable", as_json: bool) -> None:
    for error in wrong.errors:
        hint = error.hint.en if error.hint else None
        if as_json:
            typer.echo(json.dumps({"line": line, "pointer": error.pointer, "code": error.code, "hint": hint}))
        else:
            typer.echo(f"line {line}: {error.pointer} {error.code}" + (f": {hint}" if hint else ""))
