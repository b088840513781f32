-- The parts of the one statement that gives a figure: every aggregate of a formula (a term), and who is expected and who
-- reports. Every term gives rows (term, index of the period, key, value, reporting, missing).

-- name: period
period as (
    select * from unnest({firsts}, {lasts}, {starts}, {ends}, {codes})
        with ordinality as p (first_month, last_month, first_day, last_day, code, index)),
month as (select * from unnest({indexes}, {months}) as m (index, month))

-- The sites that are meant, in some month, by what is asked of them: what is left out here costs nothing later on.
-- As of today a site that went on as another one counts there: those are looked at whatever they were themselves.
-- name: sites
select distinct s.site from {span} s where ({conditions}) {sources}

-- name: sources
or s.site in (select entity from {fact} where kind = 'SUCCESSOR')

-- The sites with what they are in a month, as they were in that month.
-- name: site AS_WAS
site as (select site, first_month, last_month, type, municipality, sub_region from {span} s where {scope})

-- The same as they are today: a site that went on as another one (`heir`), in as many steps as there were, is that one.
-- name: site AS_TODAY
heir as (
    with recursive step as (
        select entity as site, attributes ->> 'site' as heir, valid_from from {fact}
        where kind = 'SUCCESSOR' and extract(year from valid_from) * 12 + extract(month from valid_from) - 1 <= {month}),
    line as (
        select site, heir, valid_from, 1 as depth from step
        union all
        select l.site, s.heir, s.valid_from, l.depth + 1
        from line l join step s on s.site = l.heir and s.valid_from >= l.valid_from
        where l.depth < 50 and s.heir <> l.site)
    select distinct on (site) site, heir from line order by site, valid_from desc, depth desc),
site as (
    select s.site, 0 as first_month, 999999 as last_month, t.type, t.municipality, t.sub_region, t.site as heir
    from {span} s
    left join heir h on h.site = s.site
    join {span} t on t.site = coalesce(h.heir, s.site) and {month} between t.first_month and t.last_month
    where {month} between s.first_month and s.last_month and {scope})

-- Who is expected: the schools that take part on the last day of the period.
-- name: expected
expected as (
    select p.index, p.last_month, c.school, {provider} as provider, null::text as municipality, null::text as kind
    from period p
    join {cell} c on c.measure = 'participation' and c.programme = {programme} and c.month <= p.last_month and {scope}
    group by p.index, p.last_month, c.school having sum(c.amount) > 0)

-- The provider that an expected school has chosen.
-- name: provider
(select h.provider from {cell} h
    where h.measure = 'provider-choice' and h.programme = {programme} and h.school = c.school
        and h.month <= p.last_month
    group by h.provider having sum(h.amount) > 0 order by h.provider limit 1)

-- Who reports by a delivery for just this period.
-- name: reporting DELIVERIES
reporting as (
    select p.index, c.school from period p
    join {cell} c on c.measure = 'delivery' and c.programme = {programme} and c.month = p.last_month
        and c.attributes ->> 'period' = p.code and {scope}
    group by p.index, c.school having sum(c.amount) > 0)

-- Who reports by events: whoever does so in a month of the period.
-- name: reporting EVENTS
reporting as (
    select distinct p.index, c.school from period p
    join {reporting} c on c.programme = {programme} and {scope}
        and c.first_month <= p.last_month and c.last_month >= p.first_month)

-- The register is complete: whoever is expected is in it.
-- name: reporting REGISTER
reporting as (select index, school from expected)

-- name: completeness
select {term} as term, c.index, {key} as key, count(*)::numeric as value, count(r.school) as reporting,
    array_agg(c.school order by c.school) filter (where r.school is null) as missing
from expected c
left join reporting r on r.index = c.index and r.school = c.school
left join site s on s.site = c.school and c.last_month between s.first_month and s.last_month
where {conditions}
group by c.index, {key}

-- The sum in the period.
-- name: total
select {term}, p.index, {key}, sum(c.amount), null::bigint, null::text[]
from {cell} c
join month m on m.month = c.month
join period p on p.index = m.index
{joins}
where c.measure = '{measure}' and {programmes} and {scope} and {conditions}
group by p.index, {key}

-- The sum up to the last day of the period: the cells are read once and fall to the first period that has them (the periods
-- are in order), and what they add up to at a place holds from there to the next period to which something falls.
-- name: balance
select {term}, p.index, {key}, sum(c.amount), null::bigint, null::text[]
from ({run}) c
join period p on p.index >= c.since and (c.until is null or p.index < c.until)
{joins}
where {conditions}
group by p.index, {key}

-- Materialised: it is made once, not once per period and place where the planner expects few of them.
-- name: run
with run as materialized (
    select school, provider, municipality, kind, since, lead(since) over w as until, sum(sum(amount)) over w as amount
    from (
        select c.school, c.provider, c.municipality, c.kind, c.{amount} as amount,
            1 + width_bucket(c.month - 1, {bounds}) as since
        from {from} c
        where {which} and {scope}) c
    group by school, provider, municipality, kind, since
    window w as (partition by school, provider, municipality, kind order by since))
select * from run

-- The same from what is kept: those who have something open in the first month of the period (all crossings until then),
-- those who come to have it in a later one without having had it in this period, and, one by one, those who have it at more
-- than one place.
-- name: distinct_open kept
select {term}, index, key, sum(value), null::bigint, null::text[]
from (
    select p.index, {key} as key, sum(c.amount) as value
    from ({run}) c
    join period p on p.index >= c.since and (c.until is null or p.index < c.until)
    {joins}
    where {conditions}
    group by p.index, {key}
    union all
    select p.index, {key}, sum(c.subjects)
    from {crossing} c
    join month m on m.month = c.month
    join period p on p.index = m.index and c.month > p.first_month and c.gap > c.month - p.first_month
    {joins}
    where {which} and {scope} and c.gap > 1 and {conditions}
    group by p.index, {key}
    union all
    select p.index, {key}, count(distinct c.subject)
    from {open_months} c
    join period p on c.months && int4range(p.first_month, p.last_month, '[]')
    {joins}
    where {which} and {scope} and not c.alone and {conditions}
    group by p.index, {key}) counted
group by index, key having sum(value) > 0

-- Those whose amounts in the period add up to more than nothing.
-- name: distinct
select {term}, index, key, count(distinct identity)::numeric, null::bigint, null::text[]
from (
    select p.index, {key} as key, c.{identity} as identity
    from {posting} c
    join month m on m.month = c.month
    join period p on p.index = m.index
    {joins}
    where c.measure = '{measure}' and {programmes} and {scope} and c.{identity} is not null and {conditions}
    group by p.index, {key}, c.{identity} having sum(c.amount) > 0) counted
group by index, key

-- Those with a case that is open on a day of the period. An entry opens a case when it adds to it, or undoes what did; the
-- conditions are met by what opens, and what closes follows. A case is where it was opened (`home`). Its balance (`course`)
-- is first what a day adds up to, then day by day: what was entered and undone leaves nothing, and an end that has lost its
-- beginning takes nothing away.
-- name: distinct_open
select {term}, p.index, {key}, count(distinct c.identity)::numeric, null::bigint, null::text[]
from home{term} c
join course{term} o on o.identity = c.identity and o.thing = c.thing and o.balance > 0
join period p on o.day <= p.last_day and (o.until is null or o.until > p.first_day)
{joins}
where {conditions}
group by p.index, {key}

-- name: cases
entry{term} as (
    select c.{identity} as identity, coalesce(c.case_key, c.school, '') as thing, c.day, c.amount,
        (c.amount > 0) = (c.line > 0) as opens, c.school, c.provider, c.municipality, c.kind
    from {posting} c
    where c.measure = '{measure}' and {programmes} and c.day <= {end} and c.{identity} is not null
        and ((c.amount > 0) <> (c.line > 0) or ({opens}))),
home{term} as (
    select identity, thing, school, provider, municipality, kind from entry{term} c
    where opens and {scope} group by identity, thing, school, provider, municipality, kind having sum(amount) > 0),
course{term} as (
    select identity, thing, day, lead(day) over w as until, sum(sum(amount)) over w as balance
    from entry{term} where identity in (select identity from home{term})
    group by identity, thing, day
    window w as (partition by identity, thing order by day))

-- What is known at a cut: up to its positions, without what had been set aside then. What undoes an event that had been
-- set aside is left out as well: it was entered when the event came after all.
-- name: cut
cut as (select * from unnest({logs}, {shards}, {positions}) as v (log, shard, position)),
aside as (select * from unnest({aside_logs}, {aside_shards}, {aside_positions}) as a (log, shard, position))

-- name: known_fact
known_fact as (
    select f.* from app.fact f join cut v on v.log = f.log and v.shard = f.shard and f.position <= v.position
    where not exists (
        select from aside a where a.log = f.log and a.shard = f.shard and a.position = f.position))

-- name: known_posting
known_posting as (
    select p.* from app.posting p join cut v on v.log = p.log and v.shard = p.shard and p.position <= v.position
    where p.measure = any({measures}) and (p.programme = {programme} or p.programme is null)
        and not exists (
            select from aside a
            where a.log = p.log and a.shard = p.shard and a.position in (p.position, p.counters)))

-- Which schools reported: no more than that, of events that the one who asks may not see himself.
-- name: known_reporting
known_reporting as (
    select * from app.reporting_at({logs}, {shards}, {positions}, {aside_logs}, {aside_shards}, {aside_positions}, {programme}))

-- name: known_cell
known_cell as (
    select measure, programme, school, provider, municipality, kind, attributes, month, sum(amount) as amount
    from known_posting group by measure, programme, school, provider, municipality, kind, attributes, month)

-- As the owner, because it reads what not everybody may; it gives nothing but who reported when.
-- name: reporting_at
create or replace function app.reporting_at(
    logs text[], shards integer[], positions bigint[],
    aside_logs text[], aside_shards integer[], aside_positions bigint[], of_programme text)
returns table (programme text, school text, first_month integer, last_month integer)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
with {known}
{reporting}
$$
