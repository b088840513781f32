"""The SQL of the ledger: one set of statements for the increment of a batch and for a rebuild.

A rebuild runs the same on tables whose names end in `_next` (`beside`), from `incoming`, in ranges of positions.
"""

import re
from functools import cache
from importlib.resources import files

from services.kpi.compile import acts, postings, quoted
from services.kpi.measures import lines_of
from services.kpi.remembered import fact_lines, facts

NEXT = "_next"
"""The suffix of read models that are being built beside the live ones."""

TABLES = ("posting", "cell", "fact", "site_span", "reporting_span", "open_months", "crossing")
"""The read models."""

# What `entry` is made of: an event's own content under its own place, or under the place of the event that replaces it.
_CONTENT = """{at}.log, {at}.shard, {at}.position, {sign} as sign, {counters} as counters,
        {of}.act, {of}.type, {of}.payload, {of}.day, {of}.until, {of}.programme, {of}.school, {of}.provider,
        {of}.municipality, {of}.kind, {of}.subject, {of}.case_key, {of}.quantity"""
_OWN = _CONTENT.format(at="e", of="e", sign=1, counters="null::bigint")
_UNDONE = _CONTENT.format(at="e", of="r", sign=-1, counters="r.position")

# The entries of events that were just read ($1 log, $2 shards, $3 positions): their own, those that undo the events
# they replace, and, for an event that comes after those that replaced it (it had been parked), those that undo it.
# `offset 0` has each event looked up by its own index, also by a plan that was made when there were hardly any.
_FRESH = f"""
fresh as (
    select e.* from unnest($2::integer[], $3::bigint[]) as f (shard, position)
    cross join lateral (
        select * from app.incoming e where e.log = $1 and e.shard = f.shard and e.position = f.position offset 0
    ) as e
),
entry as (
    select {_OWN}
    from fresh e
    union all
    select {_UNDONE}
    from fresh e
    cross join lateral (select * from app.incoming i where i.event_id = e.replaces offset 0) as r
    where r.log = e.log
    union all
    select {_UNDONE}
    from fresh r
    cross join lateral (select * from app.incoming i where i.replaces = r.event_id offset 0) as e
    where e.log = r.log and not exists (select from fresh f where f.shard = e.shard and f.position = e.position)
)"""

# The entries of a range of one log's shard ($1 log, $2 shard, after $3, up to $4), of the types that count.
_RANGE = """
entry as (
    select {own}
    from app.incoming e
    where e.log = $1 and e.shard = $2 and e.position > $3 and e.position <= $4 and e.act = any({acts})
    union all
    select {undone}
    from app.incoming e join app.incoming r on r.event_id = e.replaces and r.log = e.log
    where e.log = $1 and e.shard = $2 and e.position > $3 and e.position <= $4 and e.replaces is not null
        and r.act = any({acts})
)"""

_CELLS = "measure, programme, school, provider, municipality, kind, attributes, month"

# Enters postings once, and adds to the cells what was entered and nothing else. Gives the schools that may report in
# other months by that (not those with one more intervention in a month in which they report already), and the subjects
# of which it is kept when they have something open.
_BOOK = """
with {entries},
booked as (
    insert into app.posting
    {postings}
    on conflict do nothing
    returning {columns}, subject, amount
),
summed as (
    insert into app.cell as cell
    select {columns}, sum(amount), count(*) from booked group by {columns}
    on conflict (measure, programme, school, month, kind, provider, municipality, attributes) do update
    set amount = cell.amount + excluded.amount, postings = cell.postings + excluded.postings
    returning measure, programme, school, month, amount
)
select distinct programme, null::text as school, subject from booked
where measure = any(array[{counted}]) and programme is not null and subject is not null
union all
select distinct programme, school, null::uuid from summed s
where programme is not null and school is not null and (measure in ('trajectories-started', 'trajectories-ended')
    or measure = 'interventions' and (amount <= 0 or not exists (
        select from app.reporting_span r where r.programme = s.programme and r.school = s.school
            and s.month between r.first_month and r.last_month)))"""

# The same postings without cells and without looking whether they are there: for tables that are being filled.
_FILL = "with {entries} insert into app.posting\n{postings}"

# In the order in which they are read, so that a place's months lie together.
_SUM = """
insert into app.cell select {columns}, sum(amount), count(*) from app.posting group by {columns}
order by measure, programme, school, month"""

_REMEMBER = "with {entries} insert into app.fact\n{facts}\non conflict do nothing returning kind, entity"


@cache
def book(counted: frozenset[str], measures: frozenset[str] | None = None) -> str:
    """Enters the postings of fresh events (`$1` log, `$2` shards, `$3` positions) and adds them to the cells.

    Gives programme and school of the `reporting` spans to be made anew, or programme and subject of what is `counted`.
    """
    listed = ", ".join(map(quoted, sorted(counted)))
    return _BOOK.format(entries=_FRESH, postings=postings(lines_of(measures)), columns=_CELLS, counted=listed)


@cache
def remember() -> str:
    """States the facts of fresh events (`$1`, `$2`, `$3` as above); gives whom they are about."""
    return _REMEMBER.format(entries=_FRESH, facts=facts())


def fill(measures: frozenset[str] | None = None) -> str:
    """Fills postings of these measures from a range (`$1` log, `$2` shard, after `$3`, up to `$4`) of incoming."""
    lines = lines_of(measures)
    return _FILL.format(entries=_range(acts(lines)), postings=postings(lines))


def fill_facts() -> str:
    """Fills facts from a range (as above) of incoming."""
    return _REMEMBER.format(entries=_range(sorted({act for line in fact_lines() for act in line.on})), facts=facts())


def _range(types: list[str]) -> str:
    return _RANGE.format(own=_OWN, undone=_UNDONE, acts=f"array[{', '.join(map(quoted, types))}]")


def sum_cells() -> str:
    """Fills the cells from the postings."""
    return _SUM.format(columns=_CELLS)


def spans(only: str = "") -> str:
    """Fills the spans of sites from facts; `only` is a further condition on the facts."""
    return f"insert into app.site_span\n{select_spans('app.fact', only)}"


FORGET_REPORTING = """
delete from app.reporting_span r using unnest($1::text[], $2::text[]) as s (programme, school)
where r.programme = s.programme and r.school = s.school"""
"""Takes away the spans in which these schools (`$2`) report in these programmes (`$1`)."""


def reporting(only: str = "") -> str:
    """Fills the spans in which schools report from the cells; `only` is a further condition on the cells."""
    return f"insert into app.reporting_span\n{select_reporting('app.cell', only)}"


def reporting_of() -> str:
    """The same for some schools alone (`$1` programmes, `$2` schools)."""
    return reporting("and (programme, school) in (select * from unnest($1::text[], $2::text[]))")


def policies() -> str:
    """Who sees which rows of the read models; to be said of every table that is made anew."""
    return (sql("policies") + sql("presence_policies")).replace("{{app}}", "kpi_app")


def beside(text: str) -> str:
    """The same statement on the read models that are being built beside the live ones."""
    return re.sub(rf"\bapp\.({'|'.join(TABLES)})\b", rf"app.\1{NEXT}", text)


def select_spans(fact: str, only: str = "") -> str:
    """A select that gives the spans of sites by the facts in this relation."""
    return sql("spans").format(fact=fact, only=only)


def select_reporting(cell: str, only: str = "") -> str:
    """A select that gives the spans in which schools report by the cells in this relation."""
    return sql("reporting").format(cell=cell, only=only)


@cache
def sql(name: str) -> str:
    """The text of `sql/<name>.sql`."""
    return (files(__package__) / "sql" / f"{name}.sql").read_text(encoding="utf-8")


@cache
def sections(name: str) -> dict[str, str]:
    """The statements in `sql/<name>.sql` by the name in the line before each."""
    parts = re.split(r"^-- name: (.+)\n", sql(name), flags=re.MULTILINE)[1:]
    texts = (re.sub(r"^--.*\n?", "", text, flags=re.MULTILINE).strip() for text in parts[1::2])
    return dict(zip(parts[::2], texts, strict=True))
