-- What a rebuild asks and does beside filling.

-- name: vector
select log, shard, position from app.checkpoints where consumer = $1 order by log, shard

-- name: parked
select log, shard, position from app.parked where consumer = $1

-- What is left of a rebuild that did not end.
-- name: clear
drop table if exists app.posting_next, app.cell_next, app.fact_next, app.site_span_next,
    app.reporting_span_next, app.open_months_next, app.crossing_next, app.incoming_next

-- What was read since, in order: at most so many of one log's shard after a position.
-- name: since
select position from app.incoming where log = $1 and shard = $2 and position > $3 order by position limit $4

-- How many postings of some measures ($4, null for all) there are up to the positions, and a sum over what is in them.
-- name: fingerprint
select count(*) as rows, sum(hash_record_extended(p, 0)) as content from app.posting p
join unnest($1::text[], $2::integer[], $3::bigint[]) as v (log, shard, position)
    on v.log = p.log and v.shard = p.shard and p.position <= v.position
where $4::text[] is null or p.measure = any($4)

-- How many postings up to the positions are in one and not in the other.
-- name: differing
select count(*) from (
    (select * from app.posting except all select * from app.posting_next)
    union all
    (select * from app.posting_next except all select * from app.posting)) as d
join unnest($1::text[], $2::integer[], $3::bigint[]) as v (log, shard, position)
    on v.log = d.log and v.shard = d.shard and d.position <= v.position
where $4::text[] is null or d.measure = any($4)

-- The same for what is not bound to a position: cells of some measures ($1),
-- name: differing cells
select count(*) from (
    (select * from app.cell where $1::text[] is null or measure = any($1) except all select * from app.cell_next)
    union all
    (select * from app.cell_next except all select * from app.cell where $1::text[] is null or measure = any($1))) as c

-- and the directory.
-- name: differing directory
select (select count(*) from ((select * from app.fact except all select * from app.fact_next) union all
        (select * from app.fact_next except all select * from app.fact)) f)
    + (select count(*) from ((select * from app.site_span except all select * from app.site_span_next) union all
        (select * from app.site_span_next except all select * from app.site_span)) s)

-- and where and when schools report.
-- name: differing reporting
select count(*) from (
    (select * from app.reporting_span except all select * from app.reporting_span_next)
    union all
    (select * from app.reporting_span_next except all select * from app.reporting_span)) as r

-- and of some selections ($1) who has something open when.
-- name: differing presence
select (select count(*) from (
        (select * from app.open_months where selection = any($1) except all select * from app.open_months_next) union all
        (select * from app.open_months_next except all select * from app.open_months where selection = any($1))) m)
    + (select count(*) from (
        (select * from app.crossing where selection = any($1) except all select * from app.crossing_next) union all
        (select * from app.crossing_next except all select * from app.crossing where selection = any($1))) c)

-- name: now kept
with gone as (delete from app.kept where selection <> all($1))
insert into app.kept select unnest($1::text[]) on conflict do nothing

-- name: switch
drop table app.posting, app.cell, app.fact, app.site_span, app.reporting_span, app.open_months, app.crossing;
alter table app.posting_next rename to posting;
alter table app.cell_next rename to cell;
alter table app.fact_next rename to fact;
alter table app.site_span_next rename to site_span;
alter table app.reporting_span_next rename to reporting_span;
alter table app.open_months_next rename to open_months;
alter table app.crossing_next rename to crossing

-- Some measures ($1) alone, in place.
-- name: replace postings
delete from app.posting where measure = any($1)

-- name: insert postings
insert into app.posting select * from app.posting_next

-- name: replace cells
delete from app.cell where measure = any($1)

-- name: insert cells
insert into app.cell select * from app.cell_next

-- Some selections ($1) alone, in place.
-- name: replace open_months
delete from app.open_months where selection = any($1)

-- name: insert open_months
insert into app.open_months select * from app.open_months_next

-- name: replace crossing
delete from app.crossing where selection = any($1)

-- name: insert crossing
insert into app.crossing select * from app.crossing_next

-- name: empty reporting
delete from app.reporting_span

-- name: refill
create table app.incoming_next (like app.incoming including all)

-- How many events up to the positions are kept otherwise than they are in their logs.
-- name: differing incoming
select count(*) from (
    (select * from app.incoming except all select * from app.incoming_next)
    union all
    (select * from app.incoming_next except all select * from app.incoming)) as d
join unnest($1::text[], $2::integer[], $3::bigint[]) as v (log, shard, position)
    on v.log = d.log and v.shard = d.shard and d.position <= v.position

-- What was applied while the logs were read: behind the positions, or parked until then ($4, $5, $6).
-- name: since refill
insert into app.incoming_next
select i.* from app.incoming i
left join unnest($1::text[], $2::integer[], $3::bigint[]) as v (log, shard, position) on v.log = i.log and v.shard = i.shard
where i.position > coalesce(v.position, 0) or exists (
    select from unnest($4::text[], $5::integer[], $6::bigint[]) as late (log, shard, position)
    where late.log = i.log and late.shard = i.shard and late.position = i.position)
on conflict do nothing

-- name: switch incoming
drop table app.incoming;
alter table app.incoming_next rename to incoming

-- name: empty
truncate app.incoming, app.posting, app.cell, app.fact, app.site_span, app.reporting_span, app.open_months, app.crossing,
    app.definition, app.cut
