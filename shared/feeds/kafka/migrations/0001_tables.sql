-- How far each shard of this service's log was published, and which records of other services' topics were refused.

-- Saved only after the broker has acknowledged everything up to `position`, by the holder of `token` alone: a relay that was
-- stopped and woke up finds another token and publishes no more. `epoch` and `row_hash` prove that the log is still the one
-- that was published; `genesis_offset` is where the partition's present beginning lies, `next_offset` where the next record
-- goes if nobody interferes: a broker whose end lies before it has forgotten something. `renewed_at` only decides when
-- another relay may take over.
create table kafka.bookmarks (
    shard          smallint    primary key check (shard > 0),
    position       bigint      not null default 0 check (position >= 0),
    epoch          text,
    row_hash       bytea,
    genesis_offset bigint,
    next_offset    bigint,
    token          bigint      not null default 0,
    holder         text,
    renewed_at     timestamptz not null default '-infinity'
);

-- Records that a reader did not believe, and why: runs of neighbours in one row, so that a flood of them takes no room. What
-- should have stood in their place was read from the log itself. Nothing of a record's content is kept.
create table kafka.refused (
    reader       text        not null,
    topic        text        not null,
    partition    integer     not null,
    first_offset bigint      not null,
    last_offset  bigint      not null check (last_offset >= first_offset),
    reason       text        not null,
    noted_at     timestamptz not null,
    primary key (reader, topic, partition, first_offset)
);

grant select, insert, update on kafka.bookmarks, kafka.refused to {{app}};
grant delete on kafka.refused to {{app}};
