"""The catalogue of bad input, as the tests read it: `bad-inputs.yaml` beside this file."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).parent
TESTS = HERE.parent
ROWS: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(HERE.joinpath("bad-inputs.yaml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Case:
    """One input that a test of this folder makes from the catalogue."""

    id: str
    what: str
    key: str = ""
    service: str = "registry"
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str | None] = field(default_factory=dict)
    world_readable: bool = False
    arguments: tuple[str, ...] = ()
    exit: int = 2

    def __str__(self) -> str:
        return f"{self.id} {self.what}"


def cases(kind: str) -> list[Case]:
    """The cases of one kind: `configuration` or `command-line`."""
    return [made(row["id"], dict(case)) for row in ROWS for case in row.get(kind, ())]


def made(id_: str, case: dict[str, Any]) -> Case:
    """A case as it stands in the file."""
    return Case(id_, **case | {"arguments": tuple(case.get("arguments", ()))})


def proofs_in(path: str) -> set[str]:
    """The names of the tests in a file below `tests/`."""
    tree = ast.parse(TESTS.joinpath(path).read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds) and node.name.startswith("test_")}


def listed(path: str) -> set[str]:
    """The ids of the rows in another catalogue below `tests/`."""
    return {row["id"] for row in YAML(typ="safe", pure=True).load(TESTS.joinpath(path).read_text("utf-8"))}
