"""`jos verify-log`: whether every log is still what was written."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from jos.commands.options import Data, Json
from jos.exits import Exit, Stop
from jos.installation import DEFAULT, Installation

if TYPE_CHECKING:
    from shared.log.verify import Report


def verify_log(
    service: Annotated[
        str | None, typer.Argument(metavar="SERVICE", help="One service; all of them when none is named.")
    ] = None,
    data: Data = DEFAULT,
    as_json: Json = False,
) -> None:
    """Recompute every row's hash and the chain of every log, and compare with the heads kept outside the database.

    Ends with 65 when something was changed, removed, inserted or swapped, naming the first bad position.
    """
    import asyncio

    from jos.connection import reaching_database, settings_of
    from jos.terminal import working
    from shared.log.verify import verify_log as verify
    from shared.settings import SERVICES

    if service is not None and service not in SERVICES:
        raise typer.BadParameter(f"there is no log {service!r}; there are {', '.join(SERVICES)}")
    settings = settings_of(Installation(data))
    bad = []
    for name in [service] if service else SERVICES:
        with reaching_database(), working(f"{name}: reading the log"):
            report = asyncio.run(verify(name, settings))
        typer.echo(_line(report, as_json))
        bad += [] if report.ok else [name]
    if bad:
        raise Stop(Exit.DATA, f"not as it was written: {', '.join(bad)}")


def _line(report: "Report", as_json: bool) -> str:
    flaws = [{"shard": flaw.shard, "position": flaw.position, "wrong": flaw.wrong.value} for flaw in report.flaws]
    if as_json:
        return json.dumps({"log": report.service, "events": report.events, "heads": report.heads, "flaws": flaws})
    if report.ok:
        heads = "1 head" if report.heads == 1 else f"{report.heads} heads"
        return (
            f"{report.service}: {report.events} events in good order; {heads} kept outside the database, in agreement"
        )
    flaw = report.flaws[0]
    return f"{report.service}: position {flaw.position} of shard {flaw.shard}: {flaw.wrong.text.en}"
