"""`jos serve`: one service, in this process."""

from typing import Annotated

import typer

from jos.process import be_called, end_with_parent

NAMES = ("issuer", "registry", "interventions", "contracts", "kpi", "gateway")


def serve(
    service: Annotated[str, typer.Argument(help=f"One of {', '.join(NAMES)}.", metavar="SERVICE")],
    parent: Annotated[int, typer.Option(hidden=True, help="End when this process ends.")] = 0,
) -> None:
    """Run one service here, configured by JOS_ environment variables, until SIGTERM.

    A wrong setting ends it with 78 and one line that names the key.
    """
    if parent:
        end_with_parent(parent)
    if service not in NAMES:
        raise typer.BadParameter(f"there is no service {service!r}; there are {', '.join(NAMES)}")
    be_called(f"jos-{service}")
    from jos.needs import check
    from shared.settings import load

    settings = load()
    check(service, settings)
    from jos.serving import run_service

    run_service(service, settings)
