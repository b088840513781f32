"""`jos token`: a token for one of the demo's clients."""

from typing import Annotated

import typer

from jos.commands.options import Data
from jos.installation import DEFAULT, Installation


def token(
    client: Annotated[str, typer.Option("--client", metavar="NAME", help="The client, such as demo-ehr.")],
    data: Data = DEFAULT,
) -> None:
    """Print a fresh token of one of the demo's clients; it lives for fifteen minutes at most."""
    import asyncio

    from jos.client import Client
    from jos.connection import credentials

    async def fetch() -> str:
        async with Client(credentials(Installation(data), client)) as signed_in:
            return await signed_in.token()

    typer.echo(asyncio.run(fetch()))
