"""`jos parked`: events that were set aside because they could not be processed (G-12)."""

import json
from importlib import import_module
from typing import TYPE_CHECKING, cast

import typer

from jos.commands.options import Data, Json
from jos.exits import Exit, Stop
from jos.installation import DEFAULT, Installation
from jos.strict import StrictCommand, StrictGroup
from shared.settings import SERVICES

if TYPE_CHECKING:
    from shared.feeds.applying import Apply
    from shared.feeds.kafka.refused import Run
    from shared.feeds.parking import Parked, Replayed
    from shared.settings import Settings

app = typer.Typer(cls=StrictGroup, help="Events that were set aside: list them, and try them again.")

CONSUMERS = {
    "kpi-ledger": ("kpi", "services.kpi.ledger", "apply", ("registry", "contracts", "interventions", "kpi")),
    "findings": ("interventions", "services.interventions.findings", "note_findings", ("interventions",)),
    "vault-use": ("vault", "services.interventions.vault.sweeping", "note_use", ("interventions",)),
}
"""By consumer: whose database it keeps its rows in, the function that applies events to them, the logs it reads."""


@app.command("list", cls=StrictCommand)
def list_(data: Data = DEFAULT, as_json: Json = False) -> None:
    """Every parked event, with its place, its type and the reason; then the Kafka records that were not believed.

    What should have stood in the place of those was read from the log itself: there is nothing to replay.
    """
    import asyncio

    from jos.connection import reaching_database, settings_of

    with reaching_database():
        parked, refused = asyncio.run(_list(settings_of(Installation(data))))
    for one in parked:
        place = f"{one.log}:{one.position.shard}:{one.position.number}"
        told = {"consumer": one.consumer, "place": place, "type": one.type, "reason": one.reason}
        typer.echo(json.dumps({**told, "attempts": one.attempts}) if as_json else "  ".join(told.values()))
    for run in refused:
        place = f"{run.topic}:{run.partition}:{run.first_offset}-{run.last_offset}"
        refusal = {"reader": run.reader, "records": place, "reason": run.reason}
        typer.echo(json.dumps(refusal) if as_json else "  ".join(["refused", *refusal.values()]))
    if not as_json:
        typer.echo(f"{len(parked)} parked")


@app.command(cls=StrictCommand)
def replay(data: Data = DEFAULT, as_json: Json = False) -> None:
    """Apply every parked event again. Ends with 65 when some stay parked."""
    import asyncio

    from jos.connection import reaching_database, settings_of

    with reaching_database():
        done = asyncio.run(_replay(settings_of(Installation(data))))
    applied, still = (sum(getattr(one, name) for one in done) for name in ("applied", "parked"))
    typer.echo(json.dumps({"applied": applied, "parked": still}) if as_json else f"{applied} applied, {still} parked")
    if still:
        raise Stop(Exit.DATA, f"{still} events stay parked; `jos parked list` says why")


async def _list(settings: "Settings") -> tuple[list["Parked"], list["Run"]]:
    from shared.feeds.kafka.refused import list_refused
    from shared.feeds.parking import list_parked
    from shared.postgres.pool import open_pool

    found: list[Parked] = []
    for consumer, (service, *_) in CONSUMERS.items():
        async with await open_pool(settings, service, max_size=1) as pool:
            found += await list_parked(pool, consumer)
    refused: list[Run] = []
    for service in SERVICES:
        async with await open_pool(settings, service, max_size=1) as pool:
            refused += await list_refused(pool)
    return found, refused


async def _replay(settings: "Settings") -> list["Replayed"]:
    from shared.clock import SystemClock
    from shared.feeds.parking import replay as replay_parked
    from shared.feeds.postgres import PostgresFeed
    from shared.postgres.pool import open_pool

    done = []
    for consumer, (service, module, name, logs) in CONSUMERS.items():
        apply = cast("Apply", getattr(import_module(module), name))
        feeds = [PostgresFeed(log, settings) for log in logs]
        async with await open_pool(settings, service, max_size=2) as pool:
            done.append(await replay_parked(pool, consumer, feeds, apply, SystemClock()))
        for feed in feeds:
            await feed.close()
    return done
