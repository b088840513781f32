-- What a service may read of its own log beyond one organisation's rows: by stream, by key, by id, and the head.
-- Each goes by its index whatever the statistics say.

-- The events of these streams, oldest first within a stream.
create function log.by_stream(names text[]) returns setof log.feed
    language sql stable security definer rows 100
    set search_path = log, pg_temp
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
begin atomic
    select f.* from unnest(names) as n(name) join log.feed f on f.stream = n.name order by f.stream, f.stream_version;
end;

-- The events under these keys (three arrays of equal length).
create function log.by_key(organisations text[], sources text[], source_ids text[]) returns setof log.feed
    language sql stable security definer rows 100
    set search_path = log, pg_temp
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
begin atomic
    select f.*
    from unnest(organisations, sources, source_ids) as k(organisation, source, source_id)
    join log.feed f on f.organisation = k.organisation and f.source = k.source and f.source_id = k.source_id;
end;

-- The events with these ids.
create function log.by_id(ids uuid[]) returns setof log.feed
    language sql stable security definer rows 100
    set search_path = log, pg_temp
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
begin atomic
    select f.* from unnest(ids) as i(id) join log.feed f on f.id = i.id;
end;

-- The last event of a shard: position 0 and the genesis hash when there is none yet.
create function log.head(shard smallint) returns table ("position" bigint, row_hash bytea, epoch text)
    language sql stable security definer
    set search_path = log, pg_temp
begin atomic
    select coalesce(v.position, 0), coalesce(v.row_hash, log.genesis(head.shard)), e.epoch
    from log.epoch e
    left join lateral (select l.position, l.row_hash from log.events l where l.shard = head.shard
                       order by l.position desc limit 1) v on true;
end;
