-- What kpi has read: every event of the four logs, as it stands there. Rebuilds read this and nothing else.

-- `act` is the type for which the event counts, without prefix: of a correction that of the event it corrects, of a
-- retraction nothing. (log, shard, position) is its place in its log, and so its identity here.
create table app.incoming (
    log            text        not null,
    shard          integer     not null,
    position       bigint      not null,
    event_id       uuid        not null,
    organisation   text        not null,
    source         text        not null,
    source_id      text        not null,
    type           text        not null,
    act            text,
    stream         text        not null,
    stream_version integer     not null,
    time           timestamptz not null,
    recorded_at    timestamptz not null,
    day            date,
    until          date,
    programme      text,
    school         text,
    provider       text,
    municipality   text,
    subject        uuid,
    case_key       text,
    kind           text,
    quantity       numeric,
    root           uuid,
    replaces       uuid,
    payload        text        not null,
    primary key (log, shard, position)
);

-- A correction finds the event it replaces; an event that was parked finds those that replaced it meanwhile.
create index incoming_event on app.incoming (event_id);
create index incoming_replaces on app.incoming (replaces) where replaces is not null;

-- What an event says happened: its payload; of a correction the new data in it.
create function app.content(type text, payload text) returns jsonb language sql immutable parallel safe
return case when type = 'nl.jeugdhulp-op-school.event-corrected.v1' then payload::jsonb -> 'data' else payload::jsonb end;

-- The deliveries of a school, to be read back.
create index incoming_delivery on app.incoming (school, programme, stream, position)
    where act = 'data-delivery-submitted.v1';
