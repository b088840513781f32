"""Compiles measures into SQL: one text for the increment of a batch and for a rebuild, so that they cannot differ."""

import re
from collections.abc import Iterable, Sequence

from services.kpi.formula import PERIOD, Condition
from services.kpi.measures import COLUMNS, Line

_TYPES = {"day": "date", "subject": "uuid", "amount": "numeric"}
_NAMES = {"case": "case_key"}
_FILTERED = ("kind", "school", "provider", "municipality", "programme")

# Every amount that the relation `entry` gives rise to. `entry` has the columns of `app.incoming`, and besides `sign`
# (1 for an event's own postings, -1 for those that undo an event it replaces) and `counters` (where that event is).
# The payload is read only for lines that need it; `offset 0` keeps that from being done once per column.
_POSTINGS = """\
select n.log, n.shard, n.position, (n.sign * l.line)::smallint as line, n.counters, l.measure,
    x.day, date_part('year', x.day)::integer * 12 + date_part('month', x.day)::integer - 1 as month,
    {dimensions},
    {attributes} as attributes, case when n.sign < 0 then -x.amount else x.amount end as amount
from entry n
join (values
    {lines}
) as l (line, act, measure, reads_payload) on l.act = n.act
cross join lateral (
    select case when l.reads_payload then app.content(n.type, n.payload) end as data offset 0
) d
cross join lateral (select {day} as day, {amount} as amount offset 0) x
where x.day is not null and x.amount <> 0"""


def postings(lines: Sequence[Line]) -> str:
    """A select over the relation `entry` that gives the columns of `app.posting`, in its order."""
    dimensions = ",\n    ".join(f"{_dimension(lines, name)} as {_NAMES.get(name, name)}" for name in COLUMNS)
    return _POSTINGS.format(
        lines=",\n    ".join(_values(lines)),
        dimensions=dimensions,
        attributes=_attributes(lines),
        day=_choose(lines, [_day(line.day) for line in lines]),
        amount=_choose(lines, [_amount(line.amount) for line in lines]),
    )


def acts(lines: Iterable[Line]) -> list[str]:
    """The types of events that these lines count."""
    return sorted({act for line in lines for act in line.on})


def condition(given: Condition) -> str:
    """The SQL of a filter on the postings `c`; the period asked for is `p`."""
    column = f"c.{given.name}" if given.name in _FILTERED else f"c.attributes ->> {quoted(given.name)}"
    values = ", ".join("p.code" if value == PERIOD else quoted(value) for value in given.values)
    return f"coalesce({column}, '') not in ({values})" if given.negated else f"{column} in ({values})"


def quoted(value: str) -> str:
    """A text literal."""
    return "'" + value.replace("'", "''") + "'"


def source(given: str, type_: str = "text") -> str:
    """The SQL of a source: a typed column, or a path in the payload as a value of this type."""
    if given[0] in "$@":
        root, *path = given.split(".")
        keys = ",".join(path)
        value = f"({'d.data' if root == '$' else 'd.element'} #>> '{{{keys}}}')"
        return value if type_ == "text" else f"{value}::{type_}"
    return f"n.{_NAMES.get(given, given)}"


def day(given: str) -> str:
    """The SQL of a day, with or without `+ 1`."""
    return _day(given)


def _values(lines: Sequence[Line]) -> list[str]:
    rows = [
        f"({line.number}, {quoted(act)}, {quoted(line.measure)}, {str(line.reads_payload).lower()})"
        for line in lines
        for act in line.on
    ]
    rows[0] = re.sub(r"^\((\d+), ('[^']*'), ('[^']*')", r"(\1::smallint, \2::text, \3::text", rows[0])
    return rows


def _dimension(lines: Sequence[Line], name: str) -> str:
    return _choose(lines, [source(line.sources.get(name, name), _TYPES.get(name, "text")) for line in lines])


def _attributes(lines: Sequence[Line]) -> str:
    objects = []
    for line in lines:
        pairs = ", ".join(f"{quoted(name)}, {source(given)}" for name, given in sorted(line.attributes.items()))
        objects.append(f"jsonb_strip_nulls(jsonb_build_object({pairs}))" if pairs else "null::jsonb")
    return _choose(lines, objects)


def _day(given: str) -> str:
    start, _, next_day = given.partition(" ")
    return source(start, "date") + (" + 1" if next_day else "")


def _amount(given: str) -> str:
    bare = given.removeprefix("-")
    value = f"{bare}::numeric" if bare.isdigit() else source(bare, "numeric")
    return f"-{value}" if given.startswith("-") else value


def _choose(lines: Sequence[Line], expressions: Sequence[str]) -> str:
    """One expression per line. What needs no payload stands apart, because nearly every event takes that way."""
    pairs = list(zip(lines, expressions, strict=True))
    typed = [pair for pair in pairs if not pair[0].reads_payload]
    paths = [pair for pair in pairs if pair[0].reads_payload]
    if not typed or not paths:
        return _cases(pairs)
    one, other = _cases(typed), _cases(paths)
    return one if one == other else f"case when l.reads_payload then {other} else {one} end"


def _cases(pairs: Sequence[tuple[Line, str]]) -> str:
    """The commonest expression is what is left when the line is none of the others."""
    expressions = [expression for _, expression in pairs]
    common = max(set(expressions), key=lambda each: (expressions.count(each), each))
    by_expression: dict[str, list[int]] = {}
    for line, expression in pairs:
        if expression != common:
            by_expression.setdefault(expression, []).append(line.number)
    if not by_expression:
        return common
    cases = " ".join(
        f"when l.line in ({', '.join(map(str, numbers))}) then {expression}"
        for expression, numbers in by_expression.items()
    )
    return f"case {cases} else {common} end"
