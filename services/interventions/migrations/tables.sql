-- The service's own tables beside its log: what is held, what was told, what was found. Each row belongs to an organisation,
-- which the row policy lets see nothing but its own (G-21); the service's own loops name themselves instead.

-- Held events: not in the log, counted nowhere, judged again when something in `waits` changes. The payload has the subject
-- in place of the reference. The same key sent again replaces the row. `id` becomes the event's id.
create table app.held_events (
    id           uuid        primary key,
    organisation text        not null,
    source       text        not null,
    source_id    text        not null,
    type         text        not null,
    time         timestamptz not null,
    payload      text        not null,
    subject      uuid,
    errors       text        not null,
    waits        text[]      not null,
    received_at  timestamptz not null,
    expires_at   timestamptz not null,
    traceparent  text,
    constraint held_events_key unique (organisation, source, source_id)
);
create index held_events_waits on app.held_events using gin (waits);
create index held_events_expiry on app.held_events (expires_at);
create index held_events_own on app.held_events (organisation, id);

-- What a batch was told, for 90 days.
create table app.receipts (
    id           uuid        primary key,
    organisation text        not null,
    received_at  timestamptz not null,
    body         text        not null
);
create index receipts_age on app.receipts (received_at);

-- What was found: by a rule when an event was judged (derived from the log), or because a held event expired.
create table app.findings (
    id           uuid        primary key,
    organisation text        not null,
    source       text        not null,
    source_id    text        not null,
    event_id     uuid,
    code         text        not null,
    severity     text        not null,
    pointer      text        not null,
    found_at     timestamptz not null
);
create index findings_own on app.findings (organisation, id);

do $$
declare
    name text;
begin
    foreach name in array array['held_events', 'receipts', 'findings'] loop
        execute format('alter table app.%I enable row level security', name);
        execute format($policy$
            create policy own on app.%I to interventions_app
            using (current_setting('jos.organisation', true) in (organisation, '*'))
            with check (current_setting('jos.organisation', true) in (organisation, '*'))
        $policy$, name);
        execute format('grant select, insert, update, delete on app.%I to interventions_app', name);
    end loop;
end
$$;

grant select, insert, update, delete on app.checkpoints, app.parked to interventions_app;
