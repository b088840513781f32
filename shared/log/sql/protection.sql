-- The past is protected: nobody changes, removes or empties; a tenant sees its own rows; each role may do what it is for.

-- Refuses the statement it fires on, whoever gives it.
create function log.refuse() returns trigger
    language plpgsql
as $$
begin
    raise insufficient_privilege using message = 'the log is append-only: ' || tg_op || ' is refused';
end
$$;

-- `always`: also when somebody replays as a replica.
create trigger events_append_only before update or delete or truncate on log.events
    for each statement execute function log.refuse();
alter table log.events enable always trigger events_append_only;
create trigger epochs_append_only before update or delete or truncate on log.epochs
    for each statement execute function log.refuse();
alter table log.epochs enable always trigger epochs_append_only;
create trigger claims_no_truncate before truncate on log.claims
    for each statement execute function log.refuse();
alter table log.claims enable always trigger claims_no_truncate;

-- Row policies, for the owner too: {{append}} sees and adds everything, {{app}} sees the rows of the organisation that is set
-- in its transaction and no others (G-21, the second line).
alter table log.events enable row level security;
alter table log.events force row level security;
create policy append_reads on log.events for select to {{append}} using (true);
create policy append_adds on log.events for insert to {{append}} with check (true);
create policy app_reads_own on log.events for select to {{app}}
    using (organisation = current_setting('jos.organisation', true));

grant select, insert on log.events to {{append}};
grant select on log.events to {{app}};
grant select, insert, update, delete on log.claims to {{append}};

-- The interface: what {{app}} may call, and what runs inside it.
grant execute on function
    log.claim(log.new_claim), log.holder(log.new_claim), log.row_hash(bytea, bytea, text[]), log.genesis(smallint)
    to {{append}};
grant execute on function log.chain(bytea, text[]) to {{append}};
grant execute on function
    log.append(smallint, log.new_event[], log.new_claim[]), log.by_stream(text[]), log.by_key(text[], text[], text[]),
    log.by_id(uuid[]), log.head(smallint)
    to {{app}};

-- What runs with the rights of {{append}} belongs to it.
grant create on schema log to {{append}};
alter view log.feed owner to {{append}};
alter function log.append(smallint, log.new_event[], log.new_claim[]) owner to {{append}};
alter function log.by_stream(text[]) owner to {{append}};
alter function log.by_key(text[], text[], text[]) owner to {{append}};
alter function log.by_id(uuid[]) owner to {{append}};
alter function log.head(smallint) owner to {{append}};
revoke create on schema log from {{append}};
