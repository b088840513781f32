-- The keys and indexes of the read models, made after a rebuild has filled them. Unnamed, so that the live ones and
-- those being built can be there at once.

alter table app.posting add primary key (log, shard, position, line);
create index on app.posting (measure, programme, school, month);
create index on app.posting (measure, programme, subject, case_key, day) include (amount, school, attributes)
    where subject is not null;
alter table app.cell add unique nulls not distinct
    (measure, programme, school, month, kind, provider, municipality, attributes);
alter table app.fact add primary key (kind, entity, valid_from, log, shard, position, line, item);
alter table app.site_span add primary key (site, first_month);
