-- What the route for deliveries asks.

-- A site as a deliverer sees it: its municipality, and whether it takes part in a programme on a day of a period.
-- name: place
select s.municipality, exists (
    select from (
        select day, sum(sum(amount)) over (order by day) as balance, lead(day) over (order by day) as until
        from app.posting where measure = 'participation' and programme = $2 and school = $1 group by day) as run
    where balance > 0 and day <= $4 and (until is null or until > $3)) as takes_part
from app.site_span s where s.site = $1
order by s.last_month desc limit 1

-- The active deliveries that a caller may see, in a fixed order, after a place: the last of each stream. `everywhere` is
-- for the programmes of a region ($1); else the sites must be the caller's own or lie in its municipalities.
-- name: active
select d.stream, d.stream_version, d.recorded_at, d.payload, f.recorded_at as first_recorded_at
from (
    select distinct on (e.school, e.programme, e.stream) e.* from app.incoming e
    where e.act = 'data-delivery-submitted.v1'
        and ($5::text is null or e.programme = $5) and ($6::text is null or e.school = $6)
    order by e.school, e.programme, e.stream, e.position desc) d
join app.incoming f on f.log = d.log and f.shard = d.shard and f.stream = d.stream and f.stream_version = 1
    and f.act = d.act and f.school = d.school
where (d.programme = any($1) or d.school = any($2) or left(d.school, 4) = any($2) or exists (
        select from app.site_span s where s.site = d.school and s.municipality = any($3)))
    and ($4::text is null or d.stream > $4) and ($7::text is null or d.payload::jsonb ->> 'period' = $7)
order by d.stream limit $8

-- The programmes of a region.
-- name: programmes
select entity from app.fact where kind = 'PROGRAMME'
group by entity
having (array_agg(attributes ->> 'region' order by valid_from desc, position desc))[1] = $1

-- Every delivery of one school and period, first to last.
-- name: history
select stream_version, recorded_at, payload from app.incoming
where act = 'data-delivery-submitted.v1' and school = $1 and programme = $2 and stream = $3
order by position
