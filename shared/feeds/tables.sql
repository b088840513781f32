-- How far each consumer of this database has come, and what it could not apply.

-- Moved in the same transaction as the rows it produced, so that what was counted and what is remembered as counted can
-- never differ (G-10). The row's lock is the fence between two processes of one name. `row_hash` is that of the event at
-- `position`, the proof that the log is still the same one; `recorded_at` is that event's too, for people.
create table app.checkpoints (
    consumer    text        not null,
    log         text        not null,
    shard       integer     not null,
    position    bigint      not null check (position >= 0),
    epoch       text        not null,
    row_hash    bytea,
    recorded_at timestamptz,
    primary key (consumer, log, shard)
);

-- Events that could not be applied, with place and reason; what is behind them went on (G-12). The reason names the kind
-- of error and the line of code, never a value. The last four columns say which figures miss the event.
create table app.parked (
    consumer  text        not null,
    log       text        not null,
    shard     integer     not null,
    position  bigint      not null,
    event_id  uuid        not null,
    type      text        not null,
    reason    text        not null,
    attempts  integer     not null default 1,
    parked_at timestamptz not null,
    programme text,
    school    text,
    provider  text,
    day       date,
    primary key (consumer, log, shard, position)
);

grant select, insert, update, delete on app.checkpoints, app.parked to {{app}};
