"""What the directory remembers: the lines of `directory.yaml`, and the SQL that turns events into facts by them."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from services.kpi.compile import day, quoted, source
from services.kpi.measures import Day, Source

Kind = Literal["SITE", "SCHOOL", "PROVIDER", "MUNICIPALITY", "REGION", "SUB_REGION", "PROGRAMME", "SUCCESSOR"]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    line: int
    on: list[str]
    kind: Kind
    entity: Source
    valid_from: Day = Field(alias="from")
    each: Source | None = None
    attributes: dict[str, Source] = Field(alias="set")


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact that events of the types `on` state about an entity; with `each`, one per element of that list."""

    number: int
    on: tuple[str, ...]
    kind: Kind
    entity: str
    valid_from: str
    each: str | None
    attributes: dict[str, str]


@cache
def fact_lines() -> tuple[FactLine, ...]:
    """The lines of this installation."""
    raw = YAML(typ="safe").load((files(__package__) / "directory.yaml").read_text(encoding="utf-8"))
    given = [_Line.model_validate(line) for line in raw]
    return tuple(FactLine(g.line, tuple(g.on), g.kind, g.entity, g.valid_from, g.each, g.attributes) for g in given)


# Every fact that the events in the relation `entry` state, as the columns of `app.fact`.
_FACTS = """\
select l.kind, x.entity, x.valid_from, x.attributes, n.log, n.shard, n.position, l.line, x.item
from entry n
join (values
    {lines}
) as l (line, act, kind) on l.act = n.act
cross join lateral (select app.content(n.type, n.payload) as data offset 0) c
cross join lateral (
    {facts}
) x
where x.entity is not null and x.valid_from is not null"""

# One line's facts: the payload once, or once per element of a list in it.
_ONE = """select {entity} as entity, {valid_from} as valid_from, jsonb_strip_nulls(jsonb_build_object({attributes}))
        as attributes, d.item::integer as item
    from ({elements}) as d (data, element, item) where l.line = {line}"""


def facts() -> str:
    """A select over the relation `entry` that gives the columns of `app.fact`, in its order."""
    lines = fact_lines()
    values = [f"({line.number}, {quoted(act)}, {quoted(line.kind)})" for line in lines for act in line.on]
    values[0] = values[0].replace(f"({lines[0].number},", f"({lines[0].number}::smallint,")
    return _FACTS.format(lines=",\n    ".join(values), facts="\n    union all ".join(_one(line) for line in lines))


def _one(line: FactLine) -> str:
    if line.each:
        elements = f"select c.data, e.* from jsonb_array_elements({_json(line.each, 'c')}) with ordinality as e"
    else:
        elements = "select c.data, null::jsonb, 0"
    pairs = ", ".join(f"{quoted(name)}, {_json(given, 'd')}" for name, given in sorted(line.attributes.items()))
    return _ONE.format(
        line=line.number,
        entity=source(line.entity),
        valid_from=day(line.valid_from),
        attributes=pairs,
        elements=elements,
    )


def _json(given: str, relation: str) -> str:
    root, *path = given.split(".")
    return f"({relation}.{'data' if root == '$' else 'element'} #> '{{{','.join(path)}}}')"
