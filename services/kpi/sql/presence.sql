-- Who has something open in which months, kept as events are booked: so that exact distinct counts are sums (architecture
-- section 4). Kept per selection, which is a measure and what its openings must meet ('trajectory where form in (GROUP)').

-- The months in which a subject has something open, at a place: a school with provider, municipality and kind. `alone`
-- is the place of a subject that has no other in this selection and programme; the few that have more are counted one by
-- one when they are asked for.
create table app.open_months (
    selection    text           not null,
    programme    text           not null,
    subject      uuid           not null,
    school       text,
    provider     text,
    municipality text,
    kind         text,
    months       int4multirange not null,
    alone        boolean        not null
);

-- How many subjects that are alone cross between none and some, per place and month. With a `gap` above nothing they come
-- to have something open in `month`, so many months after the last one in which they had; 12 is a year or more, or never
-- before. With gap 0 `month` is the first in which they have nothing open any more: then `subjects` is negative.
create table app.crossing (
    selection    text     not null,
    programme    text     not null,
    school       text,
    provider     text,
    municipality text,
    kind         text,
    month        integer  not null,
    gap          smallint not null,
    subjects     bigint   not null
);
