-- The vault's one table, and who may use it.

-- A pupil of one provider in one programme, by the HMAC of the three, and its random subject. `used` once an event has the
-- subject; `doomed_at` when it is about to be swept because none has.
create table app.mappings (
    reference  bytea       primary key check (octet_length(reference) = 32),
    subject    uuid        not null unique,
    created_at timestamptz not null,
    used       boolean     not null default false,
    doomed_at  timestamptz
);

-- What may have to be swept.
create index mappings_unused on app.mappings (created_at) where not used;

grant select, insert, update, delete on app.mappings to vault_app;
grant select, insert, update, delete on app.checkpoints, app.parked to vault_app;
