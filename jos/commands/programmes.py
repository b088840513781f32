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
Files = Annotated[list[Path] | None, typer.Argument(metavar="FILE...", help="Programmes' YAML files.")]
Client = Annotated[
    str | None,
    typer.Option("--client", metavar="NAME", help="The client to ask as; else its region's administrator."),
]
All = Annotated[bool, typer.Option("--all", help="All that come with JOS, with their regions.")]
Content = dict[str, Any]
ADMIN = "demo-admin"


@app.command(cls=StrictCommand)
def apply(
    files: Files = None, every: All = False, client: Client = None, data: Data = DEFAULT, as_json: Json = False
) -> None:
    """Apply programme files; the same file again changes nothing.

    Try it first with `jos programmes diff`. Ends with 65, by line, when a file is not right: then none is applied.
    """
    contents = _contents(list(files or ()), every)
    installation = Installation(data)
    if every:
        _record_regions(installation)
    for content in contents:
        answer = _ask(installation, client or _administrator(content), "POST", "/programmes", content)
        types = [str(recorded["type"]) for recorded in answer["recorded"]]
        if as_json:
            told = {"programme": content["programme"], "version": answer["version"], "recorded": types}
            typer.echo(json.dumps(told))
        else:
            changes = f"{_counted(len(types), 'change')} recorded" if types else "nothing changed"
            waits = any("change-proposed" in kind for kind in types)
            typer.echo(f"{content['programme']}: " + ("proposed; waits for a second account" if waits else changes))


@app.command(cls=StrictCommand, short_help="What applying a file would change.")
def diff(file: File, client: Client = None, data: Data = DEFAULT) -> None:
    """Show what applying a file would change, and change nothing.

    A line per value: as it is on the file's first day, and as the file says; then what would be recorded, by day.
    """
    content = _content(file)
    installation, who = Installation(data), client or _administrator(content)
    path = f"/programmes/{content['programme']}?validOn={content['validFrom']}"
    found = _ask(installation, who, "GET", path, missing_ok=True)
    recorded = _ask(installation, who, "POST", "/programmes?dryRun=true", content)["recorded"]
    for place, now, then in differences(found["configuration"] if found else {}, content):
        typer.echo(f"{place}: {now} -> {then}")
    for one in recorded:
        typer.echo(_dated(one["data"]))
    if not recorded:
        typer.echo(f"{content['programme']}: applying this changes nothing")


@app.command(cls=StrictCommand)
def show(
    programme: Annotated[str, typer.Argument(metavar="PROGRAMME", help="The programme's code, such as HR-JOS.")],
    client: Client = None,
    data: Data = DEFAULT,
) -> None:
    """Print the configuration that holds today, as JSON."""
    found = _ask(Installation(data), client or ADMIN, "GET", f"/programmes/{programme}")
    typer.echo(json.dumps(found["configuration"], indent=1, ensure_ascii=False))


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


def _dated(recorded: Content) -> str:
    """What would be recorded, and from which day it holds."""
    if "rule" in recorded:
        parameters = f" {json.dumps(recorded['parameters'], ensure_ascii=False)}" if recorded["parameters"] else ""
        return f"from {recorded['validFrom']}: {recorded['rule']} {recorded['severity']}{parameters}"
    how = f"as version {recorded['version']}" if "version" in recorded else "as a proposal to a second account"
    return f"from {recorded['validFrom']}: the file, {how}"


def _administrator(content: Content) -> str:
    """The demo's client that administers the programme's region; of none, or an unknown one, the first."""
    from jos.demo.regions import REGIONS

    region = REGIONS.get(str(content["region"]))
    return region.client if region else ADMIN


def _record_regions(installation: Installation) -> None:
    """Record the regions of the programmes, each as its own administrator; what is there otherwise stays (409)."""
    from jos.demo.regions import REGIONS

    for region in REGIONS.values():
        for path, body in region.steps():
            _ask(installation, region.client, "POST", path, body, accepted=(409,))


def _contents(files: list[Path], every: bool) -> list[Content]:
    """What the files hold. Raises `Stop`: 2 for no file, 66 for one that is not there, 65 with every error of all."""
    from services.registry.programmes import FILES

    files += sorted(FILES.glob("*.yaml")) if every else []
    if not files:
        raise Stop(Exit.USAGE, "name a file, or --all")
    contents: list[Content] = []
    wrong: list[str] = []
    for file in files:
        try:
            contents.append(_content(file))
        except Stop as stopped:
            if stopped.code != Exit.DATA:
                raise
            wrong.append(str(stopped))
    if wrong:
        raise Stop(Exit.DATA, "\n".join(wrong))
    return contents


def _content(file: Path) -> Content:
    """The file's content as it is sent. Raises `Stop`: 66 when there is no such file, 65 with every error by line."""
    from services.registry.programmes import ProgrammeFileInvalid, load

    try:
        return dict(load(file).model_dump(mode="json", by_alias=True))
    except OSError as error:
        raise Stop(Exit.NO_INPUT, f"{file}: {error.strerror}") from None
    except ProgrammeFileInvalid as invalid:
        raise Stop(Exit.DATA, str(invalid)) from None


def _ask(
    installation: Installation,
    client: str,
    method: str,
    path: str,
    body: object = None,
    *,
    missing_ok: bool = False,
    accepted: tuple[int, ...] = (),
) -> Content:
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
    if not response.is_success and response.status_code not in accepted:
        code = Exit.PERMISSION if response.status_code in (401, 403) else Exit.DATA
        raise Stop(code, f"{path}: {problem(response)}")
    return dict(response.json())


def differences(now: Any, then: Any, place: str = "") -> Iterator[tuple[str, str, str]]:
    """Every place where two values differ, as (JSON pointer, JSON, JSON); rules are told apart by their name."""
    if isinstance(now, dict) and isinstance(then, dict):
        for key in dict.fromkeys([*now, *then]):
            yield from differences(now.get(key), then.get(key), f"{place}/{key}")
    elif place == "/rules":
        yield from differences(_by_name(now), _by_name(then), place)
    elif now != then:
        yield place, _shown(now), _shown(then)


def _by_name(rules: list[Content] | None) -> dict[str, Content]:
    """Rules by their name; one that is named for several days, each time with its day."""
    named = [str(rule["rule"]) for rule in rules or []]
    return {
        name if named.count(name) == 1 else f"{name}@{rule['validFrom']}": rule
        for name, rule in zip(named, rules or [], strict=True)
    }


def _shown(value: Any) -> str:
    """As JSON; a whole number without decimals, as the registry keeps it."""
    return json.dumps(int(value) if isinstance(value, float) and value.is_integer() else value, ensure_ascii=False)
