-- The read models: all of it derived from `incoming`. A rebuild fills them anew under names that end in `_next`, and puts
-- them in the place of the live ones when they are complete.

-- Postings. One per (event, line); `line` is negative for one that undoes a posting of the event at `counters`, which the
-- event at (log, shard, position) replaces. `month` is the integer month of `day`. Subjects are pseudonyms (uuid).
create table app.posting (
    log          text     not null,
    shard        integer  not null,
    position     bigint   not null,
    line         smallint not null,
    counters     bigint,
    measure      text     not null,
    day          date     not null,
    month        integer  not null,
    programme    text,
    school       text,
    provider     text,
    municipality text,
    kind         text,
    subject      uuid,
    case_key     text,
    attributes   jsonb,
    amount       numeric  not null
);

-- Sums of postings per place and integer month, for figures as they are known now.
create table app.cell (
    measure      text    not null,
    programme    text,
    school       text,
    provider     text,
    municipality text,
    kind         text,
    attributes   jsonb,
    month        integer not null,
    amount       numeric not null,
    postings     bigint  not null
);

-- The directory: what holds of whom from which day, and by which event that is known. `attributes` has only what the
-- event says; what holds on a day is all of it laid over one another in order of (valid_from, shard, position).
create table app.fact (
    kind       text     not null,
    entity     text     not null,
    valid_from date     not null,
    attributes jsonb    not null,
    log        text     not null,
    shard      integer  not null,
    position   bigint   not null,
    line       smallint not null,
    item       integer  not null
);

-- What a site is on the first day of each month from `first_month` to `last_month`, as known now. The first span
-- begins at the beginning of time: what was booked before a site opened is not left without a place.
create table app.site_span (
    site         text    not null,
    first_month  integer not null,
    last_month   integer not null,
    name         text,
    school       text,
    type         text,
    municipality text,
    sub_region   text
);

-- The months from `first_month` to `last_month` in which a school reports by events. Spans neither touch nor overlap.
create table app.reporting_span (
    programme   text    not null,
    school      text    not null,
    first_month integer not null,
    last_month  integer not null
);
