-- How it is worked out who has something open in which months, from postings; parts of the statements of presence.py.

-- What counts for each selection: what opens, if it meets the selection's conditions, and all that closes. An entry opens
-- when it adds, or undoes what did.
-- name: entry
entry as (
    select s.selection, c.programme, c.subject, coalesce(c.case_key, c.school, '') as thing, c.day, c.amount,
        (c.amount > 0) = (c.line > 0) as opens, c.school, c.provider, c.municipality, c.kind
    from {postings} c
    cross join lateral (values
        {selections}) as s (selection, measure, chosen)
    where s.measure = c.measure and (s.chosen or (c.amount > 0) <> (c.line > 0)))

-- The postings of the subjects that something was booked of ($1 programmes, $2 subjects): one look in the index for each,
-- whatever is known of the table.
-- name: touched
touched as (select distinct programme, subject from unnest($1::text[], $2::uuid[]) as t (programme, subject))

-- name: postings touched
touched t cross join lateral (
    {each} offset 0)

-- Written as the index of indexes.sql is, so that no other can be taken for it.
-- name: postings of one measure
select * from app.posting p where (p.measure = '{measure}') is true and p.subject = t.subject
    and p.programme is not distinct from t.programme

-- A case is where it was opened (`home`). Its balance (`course`) is first what a day adds up to, then day by day: what was
-- entered and undone leaves nothing, and an end that has lost its beginning takes nothing away. Home and course of a case
-- are laid under one another and put together in order, not joined: so no guess about their number can go wrong.
-- name: made
home as (
    select selection, programme, subject, thing, school, provider, municipality, kind
    from entry where opens
    group by selection, programme, subject, thing, school, provider, municipality, kind having sum(amount) > 0),
course as (
    select selection, programme, subject, thing, day, lead(day) over w as until, sum(sum(amount)) over w as balance
    from entry
    group by selection, programme, subject, thing, day
    window w as (partition by selection, programme, subject, thing order by day)),
pieces as (
    select selection, programme, subject, thing, true as home, school, provider, municipality, kind,
        null::int4multirange as months
    from home
    union all
    select selection, programme, subject, thing, false, null, null, null, null, range_agg(int4range(
        date_part('year', day)::integer * 12 + date_part('month', day)::integer - 1,
        date_part('year', until - 1)::integer * 12 + date_part('month', until - 1)::integer))
    from course where balance > 0
    group by selection, programme, subject, thing),
placed as (
    select selection, programme, subject, home, school, provider, municipality, kind,
        first_value(months) over (partition by selection, programme, subject, thing order by home) as months
    from pieces),
made as (
    select selection, programme, subject, school, provider, municipality, kind, range_agg(months) as months,
        count(*) over (partition by selection, programme, subject) = 1 as alone
    from placed where home and months is not null
    group by selection, programme, subject, school, provider, municipality, kind)

-- The crossings of those in a relation who are alone, each by itself.
-- name: crossings
select r.selection, r.programme, r.school, r.provider, r.municipality, r.kind, x.month, x.gap::smallint as gap, x.subjects
from (
    select m.*, run, lag(upper(run)) over (partition by selection, programme, subject order by run) as before
    from {made} m cross join unnest(m.months) as run where m.alone) r
cross join lateral (values
    (lower(r.run), least(coalesce(lower(r.run) - r.before + 1, 12), 12), 1),
    (upper(r.run), 0, -1)) as x (month, gap, subjects)
where x.month is not null

-- Follows what was booked: months anew for the subjects that were touched, and of the crossings what that changes. Gives
-- how many crossings came to nothing.
-- name: follow
with {touched},
{entry},
{made},
gone as (
    delete from app.open_months o using touched t where o.programme = t.programme and o.subject = t.subject
    returning o.*),
kept as (insert into app.open_months select * from made),
change as (
    select selection, programme, school, provider, municipality, kind, month, gap, sum(subjects) as subjects
    from (
        {plus}
        union all
        select selection, programme, school, provider, municipality, kind, month, gap, -subjects
        from ({minus}) g) c
    group by selection, programme, school, provider, municipality, kind, month, gap having sum(subjects) <> 0),
crossed as (
    insert into app.crossing as c
    select * from change order by selection, programme, school, month, gap
    on conflict (selection, programme, school, month, gap, provider, municipality, kind)
    do update set subjects = c.subjects + excluded.subjects
    returning subjects)
select count(*) from crossed where subjects = 0

-- name: tidy
delete from app.crossing where subjects = 0

-- name: fill months
with {entry},
{made}
insert into app.open_months select * from made

-- name: fill crossings
insert into app.crossing
select selection, programme, school, provider, municipality, kind, month, gap, sum(subjects)
from ({crossings}) c where selection = any({wanted})
group by selection, programme, school, provider, municipality, kind, month, gap having sum(subjects) <> 0
