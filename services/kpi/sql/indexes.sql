-- The keys and indexes of the read models, made after a rebuild has filled them. Unnamed, so that the live ones and
-- those being built can be there at once.

-- The position first: it tells rows apart soonest, and postings come in its order.
alter table app.posting add primary key (position, line, log, shard);
create index on app.posting (measure, programme, month);

-- The trajectories of a subject. `is true` is not the plain condition, by which the index above could be taken instead: to a
-- planner that believes the table to be empty the two are the same.
create index on app.posting (subject) where (measure = 'trajectory') is true;

alter table app.cell add unique nulls not distinct
    (measure, programme, school, month, kind, provider, municipality, attributes);
alter table app.fact add primary key (kind, entity, valid_from, log, shard, position, line, item);
alter table app.site_span add primary key (site, first_month);
alter table app.reporting_span add primary key (programme, school, first_month);
