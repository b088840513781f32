"""`jos demo`: the whole way once, on this machine."""

from typing import Annotated

import typer

from jos.commands.options import Data, Feed, Port
from jos.installation import DEFAULT, Installation
from jos.supervisor.ports import FIRST_PORT


def demo(
    data: Data = DEFAULT,
    port: Port = FIRST_PORT,
    feed: Feed = None,
    once: Annotated[
        bool, typer.Option("--once", help="Stop after the page; end with 0 only if every figure is the source's.")
    ] = False,
) -> None:
    """Start everything, tell the services the first half of 2022 in Holland Rijnland, and print the page.

    Schools, contracts, deliveries and events go through the public APIs. A second run finds its data and sends the same
    again: nothing changes.
    """
    import asyncio

    from jos.demo.staying import demo as whole_way

    raise typer.Exit(asyncio.run(whole_way(Installation(data), port, feed=feed, once=once)))
