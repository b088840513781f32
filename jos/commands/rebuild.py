"""`jos rebuild`: the ledger made anew, while services run."""

import json
from typing import Annotated

import typer

from jos.commands.options import Data, Json
from jos.exits import Exit, Stop
from jos.installation import DEFAULT, Installation


def rebuild(
    from_log: Annotated[
        bool, typer.Option("--from-log", help="Read the logs again first: trust nothing that the ledger has kept.")
    ] = False,
    kpi: Annotated[str | None, typer.Option("--kpi", metavar="CODE", help="Only what this KPI counts by.")] = None,
    data: Data = DEFAULT,
    as_json: Json = False,
) -> None:
    """Make every posting anew beside the live ones, compare, and switch.

    Ends with 75 when a rebuild is under way, with 65 when the live figures differed from the rebuilt ones.
    """
    import asyncio

    from jos.connection import reaching_database, settings_of
    from jos.terminal import stages
    from services.kpi.rebuild import Busy
    from services.kpi.rebuild import rebuild as make_anew
    from shared.domain.findings import Refused

    settings = settings_of(Installation(data))
    try:
        with reaching_database(), stages() as progress:
            done = asyncio.run(make_anew(settings, from_log, progress, kpi))
    except Busy:
        raise Stop(Exit.TEMPORARY, "busy: a rebuild is under way") from None
    except Refused:
        raise Stop(Exit.DATA, f"no such KPI: {kpi}") from None
    told = {name: getattr(done, name) for name in ("events", "postings", "differing", "refilled", "reset")}
    typer.echo(json.dumps(told) if as_json else f"{done.events} events, {done.postings} postings")
    if done.reset:
        typer.echo("a log was restored: the ledger starts over by itself", err=True)
    if done.differing:
        raise Stop(Exit.DATA, f"{done.differing} rows were other than the rebuilt ones; they are right now")
