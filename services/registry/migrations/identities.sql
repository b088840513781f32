-- Who a staff key stands for, as the region knows it: the only place with a name or a register number. In no event, no feed.
create table app.identities (
    region      text        not null,
    provider    text        not null,
    staff       text        not null,
    name        text        not null,
    skj         text,
    big         text,
    recorded_at timestamptz not null,
    recorded_by text        not null,
    primary key (region, provider, staff)
);

-- A connection sees the region that was set for its transaction, and no other.
alter table app.identities enable row level security;
alter table app.identities force row level security;
create policy own_region on app.identities
    using (region = current_setting('jos.region', true)) with check (region = current_setting('jos.region', true));

grant select, insert, update, delete on app.identities to {{app}};
