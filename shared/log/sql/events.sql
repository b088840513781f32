-- The events themselves: the one table of the log, never changed once written, and the outbox of the feeds.

-- A row per event. (shard, position) is dense and in commit order (G-06); a sender's key is known for ever (G-04); a
-- stream's versions are 1, 2, 3, ...; `payload` and `judgement` are the exact canonical bytes; the columns from `day` on
-- are what figures count by; `row_hash` chains each row to the one before it (row_hash.sql).
create table log.events (
    shard          smallint    not null check (shard > 0),
    position       bigint      not null check (position > 0),
    id             uuid        not null,
    organisation   text        not null,
    source         text        not null,
    source_id      text        not null,
    type           text        not null,
    stream         text        not null,
    stream_version integer     not null check (stream_version > 0),
    time           timestamptz not null,
    recorded_at    timestamptz not null,
    payload        text        not null,
    content_hash   bytea       not null check (octet_length(content_hash) = 32),
    row_hash       bytea       not null check (octet_length(row_hash) = 32),
    day            date,
    until          date,
    programme      text,
    school         text,
    provider       text,
    municipality   text,
    subject        uuid,
    case_key       text,
    kind           text,
    quantity       numeric     check (scale(quantity) <= 6),
    root           uuid,
    replaces       uuid,
    judgement      text        not null,
    traceparent    text,
    constraint events_position primary key (shard, position),
    constraint events_id unique (id),
    constraint events_key unique (organisation, source, source_id),
    constraint events_stream unique (stream, stream_version)
);

-- A sender reads back its own events in order, without walking past everybody else's. Partial, though every row is in it, so
-- that only a query that says `position > 0` may use it: on a young table the planner took it for the look-up by key.
create index events_own on log.events (organisation, shard, position) where position > 0;
