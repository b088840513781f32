-- What must hold across streams: two holders never have the same (kind, key) on the same day.

-- A row per claimed period (first and last day inclusive, an open end is unbounded); written by `log.append` alone, in the
-- transaction that stores the event. The exclusion constraint is the rule, also between shards.
create table log.claims (
    kind   text      not null,
    key    text      not null,
    holder text      not null,
    period daterange not null check (not isempty(period)),
    constraint claims_exclusive exclude using gist (kind with =, key with =, period with &&)
);

-- What one event does to the claims. `event` is its number, from 1, in the call; `action` is TAKE, END (the held claim that
-- starts on `first_day` now ends on `last_day`; before its start: it is gone) or RELEASE.
create type log.new_claim as (
    event     integer,
    action    text,
    kind      text,
    key       text,
    holder    text,
    first_day date,
    last_day  date
);

-- Does it, or fails: exclusion_violation when somebody else has the days, no_data_found when the claim is not held.
create function log.claim(wanted log.new_claim) returns void
    language plpgsql
    set search_path = log, public, pg_temp
as $$
begin
    if wanted.action = 'TAKE' then
        insert into log.claims values
            (wanted.kind, wanted.key, wanted.holder, daterange(wanted.first_day, wanted.last_day, '[]'));
        return;
    end if;
    if wanted.action = 'RELEASE' or wanted.last_day < wanted.first_day then
        delete from log.claims c
        where c.kind = wanted.kind and c.key = wanted.key and c.holder = wanted.holder
          and lower(c.period) = wanted.first_day;
    else
        update log.claims c set period = daterange(wanted.first_day, wanted.last_day, '[]')
        where c.kind = wanted.kind and c.key = wanted.key and c.holder = wanted.holder
          and lower(c.period) = wanted.first_day;
    end if;
    if not found then
        raise no_data_found using message = 'the claim is not held: ' || wanted.kind || ' from ' || wanted.first_day;
    end if;
end
$$;

-- Who has the days that were wanted: the earliest holder, or nothing.
create function log.holder(wanted log.new_claim) returns log.claims
    language sql stable
    set search_path = log, public, pg_temp
return (
    select c from log.claims c
    where c.kind = wanted.kind and c.key = wanted.key
      and c.period && daterange(wanted.first_day, wanted.last_day, '[]')
      and not (wanted.action = 'END' and c.holder = wanted.holder and lower(c.period) = wanted.first_day)
    order by c.period
    limit 1
);
