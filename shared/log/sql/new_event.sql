-- What goes into `log.append`.

-- An event of the call. `unit` numbers what is stored together or not at all; units come one after another, in order.
create type log.new_event as (
    unit             integer,
    expected_version integer,
    id               uuid,
    organisation     text,
    source           text,
    source_id        text,
    type             text,
    stream           text,
    time             timestamptz,
    recorded_at      timestamptz,
    payload          text,
    content_hash     bytea,
    day              date,
    until            date,
    programme        text,
    school           text,
    provider         text,
    municipality     text,
    subject          uuid,
    case_key         text,
    kind             text,
    quantity         numeric,
    root             uuid,
    replaces         uuid,
    judgement        text,
    traceparent      text
);
