"""The demo's own process: tells the half year to a running installation, and prints the page that comes out of it.

`python -m jos.demo.telling DATA PARENT [--examples]` ends with 0 when the figures are those of the source, with
`DIFFERS` when the page is there and one of them is not, and with the code of `jos.exits` when there is no page.
"""

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import typer

from jos.client import Client
from jos.connection import credentials
from jos.demo.asking import ask
from jos.demo.clients import STEWARD
from jos.demo.events import half_year
from jos.demo.examples import examples, where_everything_is
from jos.demo.page import Page, render
from jos.demo.schools import AMBULANTE
from jos.demo.spread import deliveries
from jos.demo.story import Told, tell
from jos.exits import DIFFERS, Exit, Stop
from jos.installation import Installation
from jos.process import end_with_parent


async def told_and_asked(installation: Installation) -> tuple[Told, Page]:
    """Tell everything, and ask for the page in the steward's name once all of it is in the figures."""
    from services.registry.programmes import FILES, load

    running = installation.running()
    programme = load(FILES / "HR-JOS.yaml").model_dump(mode="json", by_alias=True)
    async with AsyncExitStack() as stack:
        clients: dict[str, Client] = {}

        def sign_in(name: str) -> Client:
            if name not in clients:
                clients[name] = Client(credentials(installation, name))
                stack.push_async_exit(clients[name])
            return clients[name]

        told = await tell(running.baseUrls, sign_in, programme)
        return told, await ask(sign_in(STEWARD), running.baseUrls["gateway"], list(told.tokens.values()))


def main(data: Path, with_examples: bool) -> int:
    """Tell, ask, print. Raises `Stop` when a service refuses or stays away."""
    installation = Installation(data)
    told, page = asyncio.run(told_and_asked(installation))
    typer.echo(f"{_pushed(told)}; the feed is {installation.running().carrier}")
    typer.echo(render(page))
    if with_examples:
        running, jos = installation.running(), _near(Path(sys.executable).with_name("jos"))
        event = next(iter(half_year(deliveries())[AMBULANTE]))
        typer.echo(where_everything_is(running, jos))
        typer.echo(examples(running, jos, event))
        typer.echo("\nEverything stays up until Ctrl-C.")
    return Exit.OK if page.agrees else DIFFERS


def _near(path: Path) -> str:
    """A path as somebody who works here writes it."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _pushed(told: Told) -> str:
    counts = told.counts
    return f"{sum(counts.values())} events pushed: " + ", ".join(f"{n} {verdict}" for verdict, n in counts.items())


if __name__ == "__main__":
    end_with_parent(int(sys.argv[2]))
    try:
        sys.exit(main(Path(sys.argv[1]), "--examples" in sys.argv))
    except Stop as stopped:
        print(f"jos: {stopped}", file=sys.stderr)
        sys.exit(stopped.code)
