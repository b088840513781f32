"""`jos kpis`: which KPIs there are."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jos.commands.options import Data, Json
from jos.installation import DEFAULT, Installation

if TYPE_CHECKING:
    from collections.abc import Sequence

QUERY = """
{
  kpis { code definition { version validFrom name(lang: NL) question(lang: NL) unit additivity bases periods } }
}
"""


def kpis(
    client: Annotated[str, typer.Option("--client", metavar="NAME", help="The client to ask as.")] = "demo-analyst",
    data: Data = DEFAULT,
    as_json: Json = False,
) -> None:
    """List every KPI with its name, its unit and what it rests on."""
    import asyncio

    from jos.client import Client
    from jos.connection import credentials
    from jos.figures_page import graphql

    installation = Installation(data)

    async def asked() -> "Sequence[dict[str, Any]]":
        async with Client(credentials(installation, client)) as signed_in:
            answer = await graphql(signed_in, installation.running().baseUrls["gateway"], QUERY, {})
            return [{"code": one["code"], **one["definition"]} for one in answer["kpis"]]

    for one in asyncio.run(asked()):
        typer.echo(
            json.dumps(one, ensure_ascii=False)
            if as_json
            else f"{one['code']:20} {one['name']:36} {one['unit']:15} {', '.join(one['bases'])}"
        )
