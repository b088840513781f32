"""`jos programmes`: programme files and the registry that they are applied to."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jos.commands.options import Data, Json
from jos.exits import Exit, Stop
from jos.installation import DEFAULT, Installation
from jos.strict import StrictCommand, StrictGroup

if TYPE_CHECKING:
    import httpx

app = typer.Typer(cls=StrictGroup, help="Apply, compare and show programmes.")

File = Annotated[Path, typer.Argument(metavar="FILE", help="The programme's YAML file.")]
Client = Annotated[str, typer.Option("--client", metavar="NAME", help="The client to ask as.")]
ADMIN = "demo-admin"


@app.command(cls=StrictCommand)
def apply(file: File, client: Client = ADMIN, data: Data = DEFAULT, as_json: Json = False) -> None:
    """Apply a programme file; the same file again changes nothing.

    Try it first with `jos programmes diff`. Ends with 65, by line, when the file is not right.
    """
    content = _content(file)
    answer = _ask(Installation(data), client, "POST", "/programmes", content)
    types = [str(recorded["type"]) for recorded in answer["recorded"]]
    if as_json:
        typer.echo(json.dumps({"programme": content["programme"], "version": answer["version"], "recorded": types}))
    else:
        typer.echo(
            f"{content['programme']}: " + (f"{_counted(len(types), 'change')} recorded" if types else "nothing changed")
        )


@app.command(cls=StrictCommand, short_help="What applying a file would change.")
def diff(file: File, client: Client = ADMIN, data: Data = DEFAULT) -> None:
    """Show what applying a file would change, and change nothing.

    A line per value: as it is, and as the file says.
    """
    content = _content(file)
    found = _ask(Installation(data), client, "GET", f"/programmes/{content['programme']}", missing_ok=True)
    applied = found["configuration"] if found else {}
    found_other = list(differences(applied, content))
    for place, now, then in found_other:
        typer.echo(f"{place}: {now} -> {then}")
    if not found_other:
        typer.echo(f"{content['programme']}: applying this changes nothing")


@app.command(cls=StrictCommand)
def show(
    programme: Annotated[str, typer.Argument(metavar="PROGRAMME", help="The programme's code, such as HR-JOS.")],
    client: Client = ADMIN,
    data: Data = DEFAULT,
) -> None:
    """Print the configuration that holds today, as JSON."""
    found = _ask(Installation(data), client, "GET", f"/programmes/{programme}")
    typer.echo(json.dumps(found["configuration"], indent=1, ensure_ascii=False))


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


def _content(file: Path) -> dict[str, Any]:
    """The file's content as it is sent. Raises `Stop`: 66 when there is no such file, 65 with every error by line."""
    from services.registry.programmes import ProgrammeFileInvalid, load

    try:
        return dict(load(file).model_dump(mode="json", by_alias=True))
    except OSError as error:
        raise Stop(Exit.NO_INPUT, f"{file}: {error.strerror}") from None
    except ProgrammeFileInvalid as invalid:
        raise Stop(Exit.DATA, str(invalid)) from None


def _ask(
    installation: Installation, client: str, method: str, path: str, body: object = None, *, missing_ok: bool = False
) -> dict[str, Any]:
    import asyncio

    from jos.client import Client
    from jos.connection import credentials
    from jos.pushing import problem

    async def asked() -> "httpx.Response":
        async with Client(credentials(installation, client)) as signed_in:
            return await signed_in.send(method, installation.running().baseUrls["registry"] + path, json=body)

    response = asyncio.run(asked())
    if missing_ok and response.status_code == 404:
        return {}
    if not response.is_success:
        code = Exit.PERMISSION if response.status_code in (401, 403) else Exit.DATA
        raise Stop(code, f"{path}: {problem(response)}")
    return dict(response.json())


def differences(now: Any, then: Any, place: str = "") -> Iterator[tuple[str, str, str]]:
    """Every place where two values differ, as (JSON pointer, JSON, JSON); rules are told apart by their name."""
    if isinstance(now, dict) and isinstance(then, dict):
        for key in dict.fromkeys([*now, *then]):
            yield from differences(now.get(key), then.get(key), f"{place}/{key}")
    elif place == "/rules":
        by_name = [{rule["rule"]: rule for rule in rules or []} for rules in (now, then)]
        yield from differences(by_name[0], by_name[1], place)
    elif now != then:
        yield place, _shown(now), _shown(then)


def _shown(value: Any) -> str:
    """As JSON; a whole number without decimals, as the registry keeps it."""
    return json.dumps(int(value) if isinstance(value, float) and value.is_integer() else value, ensure_ascii=False)
