-- What is read back from the kpi log's own events: definitions and cuts. Not rebuilt beside: they are a few rows.

-- Every version of every definition, and from which event it is known.
create table app.definition (
    kpi        text    not null,
    version    integer not null,
    valid_from date    not null,
    definition jsonb   not null,
    shard      integer not null,
    position   bigint  not null,
    primary key (kpi, version)
);

-- Cuts: what the ledger had applied at a moment, one position per log and shard (`positions`), and the events it had
-- set aside by then (`parked`). `day` is the day that a midnight cut closes.
create table app.cut (
    cut         text        primary key,
    day         date,
    reason      text        not null,
    positions   jsonb       not null,
    parked      jsonb       not null,
    recorded_at timestamptz not null,
    shard       integer     not null,
    position    bigint      not null
);
create index cut_day on app.cut (day) where day is not null;

-- Until when everything that a log had accepted is in the ledger: a log that stands still is known to be complete.
create table app.caught_up (
    log   text        primary key,
    until timestamptz not null
);
