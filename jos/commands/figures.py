"""`jos figures`: the page of a programme and a period."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from jos.commands.options import Data, Json
from jos.installation import DEFAULT, Installation

if TYPE_CHECKING:
    from jos.figures_page import FiguresPage

STEWARD = "demo-steward"


def figures(
    programme: Annotated[str, typer.Argument(metavar="PROGRAMME", help="The programme's code, such as HR-JOS.")],
    period: Annotated[
        str, typer.Argument(metavar="PERIOD", help="The period's code: 2022, 2022-H1, 2026-Q4, 2026-09, 2026-2027.")
    ],
    client: Annotated[str, typer.Option("--client", metavar="NAME", help="The client to ask as.")] = STEWARD,
    data: Data = DEFAULT,
    as_json: Json = False,
) -> None:
    """Print the page "Jeugdhulp op school in cijfers", as delivered and as it follows from events.

    Ends with 77 when the client may not see it.
    """
    import asyncio

    from jos.client import Client
    from jos.connection import credentials
    from jos.figures_page import fetch

    installation = Installation(data)

    async def asked() -> "FiguresPage":
        async with Client(credentials(installation, client)) as signed_in:
            return await fetch(signed_in, installation.running().baseUrls["gateway"], programme, period)

    found = asyncio.run(asked())
    typer.echo(_json(found) if as_json else _text(found, f"{programme} {period}"))


def _json(found: "FiguresPage") -> str:
    figures = [
        {"kpi": kpi, "basis": basis, "value": one.value, "numerator": one.numerator, "denominator": one.denominator}
        for (kpi, basis), one in found.figures.items()
    ]
    told = {"status": found.status, "expected": found.expected, "reporting": found.reporting}
    return json.dumps(
        {**told, "missing": list(found.missing), "warnings": list(found.warnings), "figures": figures},
        ensure_ascii=False,
    )


def _text(found: "FiguresPage", title: str) -> str:
    lines = [f"{title} ({found.status})", f"{'':55}{'aangeleverd':>16}{'uit registraties':>18}"]
    for kpi in dict.fromkeys(kpi for kpi, _ in found.figures):
        shown = [_cell(found, kpi, basis) for basis in ("DELIVERED", "EVENTS")]
        lines.append(f"{kpi:20} {found.names.get(kpi, ''):34}{shown[0]:>16}{shown[1]:>18}")
    lines.append(f"Aangeleverd door {found.reporting} van {found.expected} scholen.")
    lines += [f"Zonder aanlevering: {', '.join(found.missing)}."] if found.missing else []
    return "\n".join([*lines, *(f"Let op: {warning}" for warning in found.warnings)])


def _cell(found: "FiguresPage", kpi: str, basis: str) -> str:
    one = found.figures.get((kpi, basis))
    return one.value if one else ""
