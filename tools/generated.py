"""Files that are made from the code: `python -m tools.generated` writes them, `--check` says which are not current.

docs/openapi/*.json   the REST interface of each service
docs/asyncapi.json    the events on the topics of Kafka
docs/schema.graphql   the figures
docs/kpis.md          the catalogue of KPIs
docs/bad-input.md     what bad input gets
docs/programmes.md    the programmes, with every rule and its source
"""

import json
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from services.kpi.definitions import Definition, shipped
from services.kpi.gateway.sdl import sdl
from shared.clock import SystemClock
from shared.settings import SERVICES, Settings
from tools import asyncapi, programmes

DOCS = Path(__file__).parent.parent / "docs"
NOTE = "Made by `make generate`; change the code, not this file."


def files() -> Iterator[tuple[Path, str]]:
    """Every generated file and what it should hold."""
    for service in SERVICES:
        yield DOCS / "openapi" / f"{service}.json", openapi(f"services.{service}.app")
    yield DOCS / "openapi" / "gateway.json", openapi("services.kpi.gateway.app")
    yield DOCS / "asyncapi.json", asyncapi.document()
    yield DOCS / "schema.graphql", sdl()
    yield DOCS / "kpis.md", catalogue()
    yield DOCS / "bad-input.md", bad_input()
    yield DOCS / "programmes.md", programmes.page(NOTE)


def openapi(module: str) -> str:
    """The OpenAPI document of a service, as it serves it."""
    create_app: Callable[..., object] = import_module(module).create_app
    app = create_app(Settings(mode="demo"), SystemClock())
    document = app.openapi()  # type: ignore[attr-defined]
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def catalogue() -> str:
    """The KPIs, for people."""
    entries = "\n".join(_entry(definition) for definition in shipped().values())
    intro = (
        "Every figure says its basis: `DELIVERED` is what schools filled in, `EVENTS` is counted from the events that "
        "providers pushed. The words of the formulas: `total` sums over a period, `balance` up to its last day, "
        "`distinct_open` counts those who were open on any day of it."
    )
    return f"# KPI catalogue\n\n{NOTE}\n\n{intro}\n\n{entries}"


def _entry(definition: Definition) -> str:
    bases = "\n".join(f"- `{basis}`: `{rule.formula}`" for basis, rule in definition.basis.items())
    facts = (
        f"Unit `{definition.unit}`, direction `{definition.direction}`, additivity `{definition.additivity}`, "
        f"protects `{definition.protects}`, target `NOT_SET`, valid from {definition.valid_from}."
    )
    title = f"## {definition.id} {definition.name.en} (*{definition.name.nl}*)"
    return f"{title}\n\n{definition.question.en} *{definition.question.nl}*\n\n{facts}\n\n{bases}\n"


BAD_INPUTS = DOCS.parent / "tests/polite/bad-inputs.yaml"


def bad_input() -> str:
    """What each bad input gets, and where it is tried, for people."""
    rows: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(BAD_INPUTS.read_text("utf-8"))
    sections = dict.fromkeys(str(row["section"]) for row in rows)
    intro = (
        "Every answer is a problem document (RFC 9457) that says where and what, and repeats nothing of what was sent; "
        "nothing is stored, and the service goes on. What is told here is tried by the tests that stand beside it."
    )
    return f"# Bad input and what it gets\n\n{NOTE}\n\n{intro}\n" + "".join(
        f"\n## {section[0].upper()}{section[1:]}\n\n| | Input | Gets | Tried by |\n|---|---|---|---|\n"
        + "".join(_bad_row(row) for row in rows if row["section"] == section)
        for section in sections
    )


def _bad_row(row: dict[str, Any]) -> str:
    places = [str(named).partition("::")[0] for named in (*row.get("lists", ()), *row.get("tests", ()))]
    if "configuration" in row:
        places.append("polite/test_configuration.py")
    if "command-line" in row:
        places.append("polite/test_catalogue.py")
    tried = ", ".join(f"`{place}`" for place in dict.fromkeys(places)) or f"nothing: {row['absent']}"
    return f"| {row['id']} | {row['input']} | {row['expected']} | {tried} |\n"


def main() -> int:
    """Write the files, or with `--check` exit 1 when one is not current."""
    checking = "--check" in sys.argv[1:]
    stale = [path for path, text in files() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if checking:
        sys.stderr.writelines(f"{path.relative_to(DOCS.parent)} is not current: make generate\n" for path in stale)
        return 1 if stale else 0
    for path, text in files():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
