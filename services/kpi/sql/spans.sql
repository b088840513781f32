-- What each site is, month by month, from the facts in `{fact}` (all of them, or those known at a cut).
-- A fact counts from the first month that begins on or after its first day; the first span begins at the beginning of time.
with fact as (
    select entity, valid_from, shard, position, line, attributes,
        (extract(year from valid_from) * 12 + extract(month from valid_from) - 1)::integer
            + case when extract(day from valid_from) = 1 then 0 else 1 end as month
    from {fact} where kind = 'SITE' {only}
),
change as (select distinct entity, month from fact),
state as (
    select c.entity, c.month, jsonb_object_agg(k.key, k.value order by f.valid_from, f.shard, f.position, f.line) as attributes
    from change c
    join fact f on f.entity = c.entity and f.month <= c.month
    cross join lateral jsonb_each(f.attributes) as k
    group by c.entity, c.month
)
select entity as site,
    case when row_number() over by_month = 1 then 0 else month end as first_month,
    coalesce(lead(month) over by_month - 1, 999999) as last_month,
    attributes ->> 'name' as name, attributes ->> 'school' as school, attributes ->> 'type' as type,
    attributes ->> 'municipality' as municipality, attributes ->> 'subRegion' as sub_region
from state
window by_month as (partition by entity order by month)
