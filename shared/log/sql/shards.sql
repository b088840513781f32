-- Where a programme lives: the shard that its events go to, decided once and for ever.

-- A row per programme, made by its first event (then it is the shard of that append: 1, unless decided before) or by
-- `log.assign_shard` before that. Nothing changes or removes it, so that whoever has read it may keep it; its primary key is what
-- makes a first event and a decision at the same moment wait for each other. A programme without a row goes to shard 1. An
-- event of a stream that exists goes where the stream is, whatever its programme: a correction stands behind its original.
create table log.programme_shards (
    programme  text        not null primary key,
    shard      smallint    not null check (shard between 1 and 16),
    decided_at timestamptz not null default now()
);

grant select, insert on log.programme_shards to {{append}};
grant select on log.programme_shards to {{app}}, {{feed}};

-- The programmes that had events before there was a choice.
set local role {{append}};
insert into log.programme_shards (programme, shard)
select programme, min(shard) from log.events where stream_version = 1 and programme is not null group by programme;
reset role;

create trigger programme_shards_append_only before update or delete or truncate on log.programme_shards
    for each statement execute function log.refuse();
alter table log.programme_shards enable always trigger programme_shards_append_only;

-- Decides the shard of a programme, and gives the one that it has: another than was asked when that was decided before.
create function log.assign_shard(wanted_programme text, wanted_shard smallint) returns smallint
    language plpgsql security definer
    set search_path = log, pg_temp
as $$
begin
    insert into log.programme_shards (programme, shard) values (wanted_programme, wanted_shard) on conflict do nothing;
    return (select s.shard from log.programme_shards s where s.programme = wanted_programme);
end
$$;

-- The function that this revision made anew, and the one that only an operator may call, as {{owner}}.
grant create on schema log to {{append}};
grant execute on function log.append(smallint, log.new_event[], log.new_claim[]) to {{app}};
alter function log.append(smallint, log.new_event[], log.new_claim[]) owner to {{append}};
alter function log.assign_shard(text, smallint) owner to {{append}};
revoke create on schema log from {{append}};
set local role {{append}};
grant execute on function log.assign_shard(text, smallint) to {{owner}};
reset role;
