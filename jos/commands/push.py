"""`jos push`: a file of events to the interventions service."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jos.commands.options import Data, Json
from jos.exits import Exit, Stop
from jos.installation import DEFAULT, Installation

if TYPE_CHECKING:
    from typing import IO

    from jos.pushing import Verdicts

SHOWN = 10
"""How many refused events are named one by one."""


def push(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="NDJSON (one event a line), or one JSON array; - is standard input.")
    ],
    client: Annotated[str, typer.Option("--client", metavar="NAME", help="The client to push as.")] = "demo-ehr",
    data: Data = DEFAULT,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only ask for the verdicts: nothing is stored.")] = False,
    as_json: Json = False,
) -> None:
    """Push CloudEvents in batches of up to 1,000.

    Safe to repeat: what was received before is a duplicate. Ends with 65 when an event was rejected or in conflict.
    """
    import asyncio

    from jos.client import Client
    from jos.connection import credentials
    from jos.event_files import open_events, read_events
    from jos.pushing import push as push_events
    from jos.terminal import bar

    installation = Installation(data)

    async def send(opened: "IO[bytes]") -> "Verdicts":
        async with Client(credentials(installation, client)) as signed_in:
            with bar("events", _lines(file)) as advance:
                base = installation.running().baseUrls["interventions"]
                found = (numbered.event for numbered in read_events(opened))
                return await push_events(signed_in, base, found, advance, dry_run=dry_run)

    with open_events(file) as opened:
        verdicts = asyncio.run(send(opened))
    _report(verdicts, as_json)


def _lines(file: Path) -> int | None:
    """How many events a file of lines has, for the bar; nothing for an array, or when counting takes too long."""
    if not file.is_file() or file.stat().st_size > 256 * 1024 * 1024:
        return None
    with file.open("rb") as opened:
        return None if opened.read(1) == b"[" else sum(1 for _ in opened) + 1


def _report(verdicts: "Verdicts", as_json: bool) -> None:
    import json

    if as_json:
        typer.echo(json.dumps({"received": verdicts.received, **verdicts.counts}))
    else:
        typer.echo(f"{verdicts.received} received: " + ", ".join(f"{n} {v}" for v, n in verdicts.counts.items()))
    for place, result in verdicts.refused[:SHOWN]:
        errors = " ".join(f"{error.get('pointer', '')} {error['code']}" for error in result.get("errors", []))
        typer.echo(f"event {place + 1} ({result.get('id')}): {result['verdict']} {errors}", err=True)
    if verdicts.refused:
        raise Stop(Exit.DATA, f"{len(verdicts.refused)} events were not taken")
