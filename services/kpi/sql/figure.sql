-- The parts of the one statement that gives a figure: every aggregate of a formula (a term), and who is expected and who
-- reports. Every term gives rows (term, index of the period, key, value, reporting, missing).

-- name: period
period as (
    select * from unnest({firsts}, {lasts}, {starts}, {ends}, {codes})
        with ordinality as p (first_month, last_month, first_day, last_day, code, index))

-- The sites with what they are in a month, as they were in that month.
-- name: site AS_WAS
site as (select site, first_month, last_month, type, municipality, sub_region from {span})

-- The same as they are today.
-- name: site AS_TODAY
site as (
    select site, 0 as first_month, 999999 as last_month, type, municipality, sub_region
    from {span} where {month} between first_month and last_month)

-- Who is expected: the schools that take part on the last day of the period, with the provider they chose.
-- name: expected
expected as (
    select m.index, m.last_month, m.school, v.provider, null::text as municipality, null::text as kind
    from (
        select p.index, p.last_month, c.school from period p
        join {cell} c on c.measure = 'participation' and c.programme = {programme} and c.month <= p.last_month
        group by p.index, p.last_month, c.school having sum(c.amount) > 0) m
    left join lateral (
        select c.provider from {cell} c
        where c.measure = 'provider-choice' and c.programme = {programme} and c.school = m.school
            and c.month <= m.last_month
        group by c.provider having sum(c.amount) > 0 order by c.provider limit 1) v on true)

-- Who reports by a delivery for just this period.
-- name: reporting DELIVERIES
reporting as (
    select p.index, c.school from period p
    join {cell} c on c.measure = 'delivery' and c.programme = {programme} and c.month = p.last_month
        and c.attributes ->> 'period' = p.code
    group by p.index, c.school having sum(c.amount) > 0)

-- Who reports by events: a trajectory that was open before the period or started in it, or an intervention in it.
-- name: reporting EVENTS
reporting as (
    select p.index, c.school from period p
    join {cell} c on c.measure in ('trajectories-started', 'trajectories-ended', 'interventions')
        and c.programme = {programme} and c.month <= p.last_month
    group by p.index, c.school
    having sum(case when c.measure = 'trajectories-started' then c.amount
            when c.measure = 'trajectories-ended' and c.month < p.first_month then -c.amount else 0 end) > 0
        or sum(c.amount) filter (where c.measure = 'interventions' and c.month >= p.first_month) > 0)

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

-- The sum in the period, or up to its last day.
-- name: sum
select {term}, p.index, {key}, sum(c.amount), null::bigint, null::text[]
from period p
join {cell} c on c.measure = '{measure}' and {scope} and c.month {months}
{joins}
where {conditions}
group by p.index, {key}

-- Those whose amounts in the period add up to more than nothing.
-- name: distinct
select {term}, index, key, count(distinct identity)::numeric, null::bigint, null::text[]
from (
    select p.index, {key} as key, c.{identity} as identity
    from period p
    join {posting} c on c.measure = '{measure}' and {scope} and c.day between p.first_day and p.last_day
    {joins}
    where c.{identity} is not null and {conditions}
    group by p.index, {key}, c.{identity} having sum(c.amount) > 0) counted
group by index, key

-- Those with a case that is open on a day of the period. Everything before the period stands on its first day; then first
-- what a day adds up to, then the balance day by day: what was entered and undone leaves nothing, and an end that has
-- lost its beginning takes nothing away. Conditions on attributes are met by the entry that opens a case (`opening`);
-- the entries without attributes follow it.
-- name: distinct_open
select {term}, index, key, count(distinct identity)::numeric, null::bigint, null::text[]
from (
    select index, key, identity, sum(net) over (case_ order by day) as balance, sum(opening) over case_ as opened
    from (
        select p.index, {key} as key, c.{identity} as identity, coalesce(c.case_key, c.school, '') as thing,
            greatest(c.day, p.first_day) as day, sum(c.amount) as net, sum(c.amount) filter (where {opens}) as opening
        from period p
        join {posting} c on c.measure = '{measure}' and {scope} and c.day <= p.last_day
        {joins}
        where c.{identity} is not null and {conditions}
        group by p.index, {key}, c.{identity}, thing, greatest(c.day, p.first_day)) daily
    window case_ as (partition by index, key, identity, thing)) running
where balance > 0 and {opened}
group by index, key

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

-- name: known_cell
known_cell as (
    select measure, programme, school, provider, municipality, kind, attributes, month, sum(amount) as amount
    from known_posting group by measure, programme, school, provider, municipality, kind, attributes, month)
