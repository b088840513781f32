-- `log.append`: the only way in. One call judges and stores a batch, all in one transaction, without a round trip.

drop function if exists log.append(smallint, log.new_event[], log.new_claim[]);

-- Judges the units in order, each seeing the earlier ones, and stores those in which nothing is wrong. Gives a row per event,
-- in order: CREATED and DUPLICATE with the stored event's id, place (home is its shard), version and recorded_at; CONFLICT with
-- those of the event that has the key; STALE with the stream's version; CLAIMED with the holder; ELSEWHERE with the shard where it
-- belongs (shards.sql) and its stream's version; SKIPPED for the rest of a unit that was not stored.
-- The lock is taken by a statement of its own, before the first read, so that every later statement sees the commit of whoever
-- had it. The plan is pinned: every look-up goes by its index, also on an empty table and with stale statistics.
create function log.append(shard smallint, events log.new_event[], claims log.new_claim[])
    returns table (outcome text, event_id uuid, home smallint, "position" bigint, stream_version integer,
                   recorded_at timestamptz, held log.claims)
    language plpgsql security definer
    set search_path = log, public, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set enable_bitmapscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
    set timezone = 'UTC'
    set datestyle = 'ISO, YMD'
    set client_encoding = 'UTF8'
as $$
#variable_conflict use_column
declare
    size     constant integer := cardinality(events);
    outcomes text[]        := array_fill(null::text, array[size]);
    ids      uuid[]        := array_fill(null::uuid, array[size]);
    homes    smallint[]    := array_fill(shard, array[size]);
    places   bigint[]      := array_fill(null::bigint, array[size]);
    versions integer[]     := array_fill(null::integer, array[size]);
    moments  timestamptz[] := array_fill(null::timestamptz, array[size]);
    twins    integer[]     := array_fill(0, array[size]);  -- the earlier event of this call that has the key
    keys     integer[]     := array_fill(0, array[size]);  -- the first event of this call with the same key
    streams  integer[]     := array_fill(0, array[size]);  -- the first event of this call on the same stream
    holders  integer[]     := array_fill(0, array[size]);  -- by `keys`: the event that has the key
    reached  integer[]     := array_fill(0, array[size]);  -- by `streams`: the stream's version so far
    refused  integer       := 0;                           -- the last event whose claim somebody else held
    refusals log.claims[];                                 -- by event: what stands in the way of its claim
    place    bigint;                                       -- the last position given out so far
    head     bytea;
    opening  integer;                                      -- the first event of the present unit
    before   bigint;                                       -- `place` when the present unit began
    good     boolean;
    belongs  smallint;                                     -- the shard of the present event
    settles  boolean       := false;                       -- whether a programme begins here that has no shard yet
    e        record;
    i        integer;
    wanted   log.new_claim;
begin
    perform pg_advisory_xact_lock(7105, shard);

    -- The head is the last row: nothing else has to be kept in step with it.
    select v.position, v.row_hash into place, head
    from log.events v where v.shard = append.shard order by v.position desc limit 1;
    place := coalesce(place, 0);
    head := coalesce(head, log.genesis(shard));

    -- What the log knows of each event's key and stream, and which events of this call share them.
    for e in
        select n.ordinality::integer as number, n.id, n.content_hash, n.expected_version, n.recorded_at,
               n.unit is distinct from lag(n.unit) over calls as opens,
               n.unit is distinct from lead(n.unit) over calls as closes,
               first_value(n.ordinality) over (partition by n.organisation, n.source, n.source_id order by n.ordinality)
                   as same_key,
               first_value(n.ordinality) over (partition by n.stream order by n.ordinality) as same_stream,
               known.id as known_id, known.shard as known_home, known.position as known_place,
               known.stream_version as known_version, known.recorded_at as known_moment, known.content_hash as known_hash,
               coalesce(latest.stream_version, 0) as version, latest.shard as stream_home,
               n.programme, settled.shard as programme_home
        from unnest(events) with ordinality as n
        left join log.events known
            on known.organisation = n.organisation and known.source = n.source and known.source_id = n.source_id
        left join log.programme_shards settled on settled.programme = n.programme
        left join lateral (select v.stream_version, v.shard from log.events v where v.stream = n.stream
                           order by v.stream_version desc limit 1) latest on true
        window calls as (order by n.ordinality)
        order by n.ordinality
    loop
        i := e.number;
        if e.opens then
            opening := i;
            before := place;
            good := true;
        end if;
        keys[i] := e.same_key;
        streams[i] := e.same_stream;
        if e.same_stream = i then
            reached[i] := e.version;
        end if;
        belongs := case when e.stream_home is not null then e.stream_home
                        when reached[e.same_stream] > 0 then append.shard
                        else coalesce(e.programme_home, 1) end;
        if e.known_id is not null then
            outcomes[i] := case when e.known_hash = e.content_hash then 'DUPLICATE' else 'CONFLICT' end;
            ids[i] := e.known_id;
            homes[i] := e.known_home;
            places[i] := e.known_place;
            versions[i] := e.known_version;
            moments[i] := e.known_moment;
        elsif holders[e.same_key] > 0 then
            twins[i] := holders[e.same_key];
            outcomes[i] := case when events[twins[i]].content_hash = e.content_hash then 'DUPLICATE' else 'CONFLICT' end;
            ids[i] := ids[twins[i]];
            places[i] := places[twins[i]];
            versions[i] := versions[twins[i]];
            moments[i] := moments[twins[i]];
        elsif belongs <> append.shard then
            outcomes[i] := 'ELSEWHERE';
            homes[i] := belongs;
            versions[i] := e.version;
        elsif e.expected_version <> reached[e.same_stream] then
            outcomes[i] := 'STALE';
            versions[i] := reached[e.same_stream];
        else
            place := place + 1;
            outcomes[i] := 'CREATED';
            ids[i] := e.id;
            places[i] := place;
            reached[e.same_stream] := reached[e.same_stream] + 1;
            versions[i] := reached[e.same_stream];
            moments[i] := e.recorded_at;
            holders[e.same_key] := i;
            settles := settles or (e.programme_home is null and e.programme is not null and versions[i] = 1);
        end if;
        good := good and outcomes[i] in ('CREATED', 'DUPLICATE');
        continue when not e.closes;

        -- The unit's claims, in a savepoint of their own: taken together or not at all.
        if good and cardinality(claims) > 0 then
            begin
                foreach wanted in array claims loop
                    if wanted.event between opening and i and outcomes[wanted.event] = 'CREATED' then
                        perform log.claim(wanted);
                    end if;
                end loop;
            exception when exclusion_violation then
                good := false;
                refused := wanted.event;
                refusals[refused] := log.holder(wanted);
            end;
        end if;
        continue when good;

        -- Take back what this unit had been given.
        for k in opening .. i loop
            if outcomes[k] = 'CREATED' then
                reached[streams[k]] := reached[streams[k]] - 1;
                holders[keys[k]] := 0;
            end if;
            if outcomes[k] = 'CREATED' or twins[k] >= opening then
                outcomes[k] := case when k = refused then 'CLAIMED' when outcomes[k] = 'CONFLICT' then 'CONFLICT'
                                    else 'SKIPPED' end;
                ids[k] := null;
                places[k] := null;
                versions[k] := null;
                moments[k] := null;
            end if;
        end loop;
        place := before;
    end loop;

    -- A programme's first event decides its shard for ever; should somebody have decided otherwise since it was looked up,
    -- everything is judged anew.
    if settles then
        insert into log.programme_shards (programme, shard)
        select distinct n.programme, append.shard from unnest(events) with ordinality as n
        where outcomes[n.ordinality] = 'CREATED' and versions[n.ordinality] = 1 and n.programme is not null
        on conflict do nothing;
        if exists (select from unnest(events) with ordinality as n join log.programme_shards s on s.programme = n.programme
                   where outcomes[n.ordinality] = 'CREATED' and versions[n.ordinality] = 1 and s.shard <> append.shard) then
            raise serialization_failure using message = 'the shard of a programme was decided meanwhile';
        end if;
    end if;

    -- What is to be stored, with its place, its version and the chain.
    insert into log.events (
        shard, position, id, organisation, source, source_id, type, stream, stream_version, time, recorded_at, payload,
        content_hash, row_hash, day, until, programme, school, provider, municipality, subject, case_key, kind, quantity,
        root, replaces, judgement, traceparent)
    select append.shard, places[n.ordinality], n.id, n.organisation, n.source, n.source_id, n.type, n.stream,
           versions[n.ordinality], n.time, n.recorded_at, n.payload, n.content_hash,
           log.chain(head, array[
               append.shard::text, places[n.ordinality]::text, n.id::text, n.organisation, n.source, n.source_id, n.type,
               n.stream, versions[n.ordinality]::text, n.time::text, n.recorded_at::text, n.payload,
               encode(n.content_hash, 'hex'), n.day::text, n.until::text, n.programme, n.school, n.provider,
               n.municipality, n.subject::text, n.case_key, n.kind, n.quantity::text, n.root::text, n.replaces::text,
               n.judgement, n.traceparent
           ]) over (order by n.ordinality rows unbounded preceding),
           n.day, n.until, n.programme, n.school, n.provider, n.municipality, n.subject, n.case_key, n.kind, n.quantity,
           n.root, n.replaces, n.judgement, n.traceparent
    from unnest(events) with ordinality as n
    where outcomes[n.ordinality] = 'CREATED';

    return query
    select a.outcome, a.id, a.home, a.place, a.version, a.moment,
           case when a.outcome = 'CLAIMED' then refusals[a.number] end
    from unnest(outcomes, ids, homes, places, versions, moments) with ordinality
         as a(outcome, id, home, place, version, moment, number)
    order by a.number;
end
$$;
