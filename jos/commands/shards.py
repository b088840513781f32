"""`jos shards`: which shard of the log of interventions a programme lives in; decided before its first event."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from jos.commands.options import Data, Json
from jos.exits import Exit, Stop
from jos.installation import DEFAULT, Installation
from jos.strict import StrictCommand, StrictGroup

if TYPE_CHECKING:
    from shared.log.shards import Home
    from shared.settings import Settings

app = typer.Typer(cls=StrictGroup, help="Where programmes live: list it, or decide it.")

SERVICE = "interventions"
"""The one log that outgrows a shard: the others hold some events a minute."""


@app.command("list", cls=StrictCommand)
def list_(data: Data = DEFAULT, as_json: Json = False) -> None:
    """Every programme whose shard is decided; the others will begin in shard 1."""
    import asyncio

    from jos.connection import reaching_database, settings_of

    with reaching_database():
        found = asyncio.run(_list(settings_of(Installation(data))))
    for home in found:
        told = {"programme": home.programme, "shard": home.shard, "decidedAt": home.decided_at.isoformat()}
        typer.echo(json.dumps(told) if as_json else f"{home.shard:>2}  {home.programme}")


@app.command(cls=StrictCommand)
def assign(
    programme: Annotated[str, typer.Argument(metavar="PROGRAMME", help="The code of the programme.")],
    shard: Annotated[int, typer.Argument(metavar="SHARD", min=1, max=16, help="The shard for its events.")],
    data: Data = DEFAULT,
) -> None:
    """Decide where a programme lives, once and for ever.

    Ends with 65 when it lives elsewhere already: by its first event, or because it was decided before.
    """
    import asyncio

    from jos.connection import reaching_database, settings_of
    from shared.log.shards import AlreadyDecided

    try:
        with reaching_database():
            asyncio.run(_assign(settings_of(Installation(data)), programme, shard))
    except AlreadyDecided as decided:
        raise Stop(Exit.DATA, f"{programme} lives in shard {decided.shard} and stays there") from None
    typer.echo(f"{programme} lives in shard {shard}")


async def _list(settings: "Settings") -> list["Home"]:
    from shared.log.shards import homes
    from shared.postgres.pool import open_pool

    async with await open_pool(settings, SERVICE, max_size=1) as pool, pool.acquire() as connection:
        return await homes(connection)


async def _assign(settings: "Settings", programme: str, shard: int) -> None:
    from shared.log.shards import assign_shard
    from shared.postgres.pool import open_pool

    async with await open_pool(settings, SERVICE, role="owner", max_size=1) as pool, pool.acquire() as connection:
        await assign_shard(connection, programme, shard)
