-- What the directory answers, live or as known at a cut.

-- The schools that take part on a day, with what they are in its month and the provider they chose.
-- name: schools
select m.school as site, coalesce(s.name, m.school) as name, s.type, s.municipality, s.sub_region, v.provider
from (
    select school from {posting} where measure = 'participation' and programme = {programme} and day <= {day}
    group by school having sum(amount) > 0) m
left join {span} s on s.site = m.school and {month} between s.first_month and s.last_month
left join lateral (
    select provider from {posting} c
    where c.measure = 'provider-choice' and c.programme = {programme} and c.school = m.school and c.day <= {day}
    group by provider having sum(c.amount) > 0 order by provider limit 1) v on true
order by m.school

-- The municipalities that take part, or the providers that were chosen, on a day.
-- name: members
select {column} as code from {posting}
where measure = {measure} and programme = {programme} and day <= {day}
group by {column} having sum(amount) > 0 order by {column}

-- The names of sites in a month.
-- name: site names
select site as entity, name from {span} where site = any({codes}) and {month} between first_month and last_month

-- What is known of some entities of a kind on a day (of all when there are no codes): later facts over earlier ones.
-- name: entities
select entity, jsonb_object_agg(k.key, k.value order by f.valid_from, f.shard, f.position, f.line)::text as attributes
from {fact} f cross join lateral jsonb_each(f.attributes) k
where f.kind = {kind} and f.valid_from <= {day} and ({codes} is null or f.entity = any({codes}))
group by entity order by entity
