-- Which log this is, and since when. A log restored from a backup gets a new epoch; whoever followed it rebuilds.

-- One row per epoch, the newest number is the present one. `log_id` is drawn once and is what the hash chain starts from;
-- `heads` are the last positions of the shards on which the epoch began ({"1": 4711}).
create table log.epochs (
    number   integer     not null primary key check (number > 0),
    log_id   uuid        not null,
    epoch    text        not null unique,
    began_at timestamptz not null default now(),
    heads    jsonb       not null default '{}',
    reason   text        not null
);

-- Keeps true that a log has exactly one beginning.
insert into log.epochs (number, log_id, epoch, reason)
values (1, gen_random_uuid(), substr(replace(gen_random_uuid()::text, '-', ''), 1, 12), 'genesis');

-- The present epoch: {{service}}_feed and the service itself may know it.
create view log.epoch as
    select number, log_id, epoch, began_at, heads from log.epochs order by number desc limit 1;

grant select on log.epoch to {{app}}, {{append}}, {{feed}};
grant select on log.epochs to {{feed}};
