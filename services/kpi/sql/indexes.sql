-- The keys and indexes of the read models, made after a rebuild has filled them. Unnamed, so that the live ones and
-- those being built can be there at once.

alter table app.posting{next} add primary key (log, shard, position, line);
create index on app.posting{next} (measure, programme, school, month);
create index on app.posting{next} (measure, programme, subject, case_key, day) include (amount, school, attributes)
    where subject is not null;
alter table app.cell{next} add unique nulls not distinct
    (measure, programme, school, month, kind, provider, municipality, attributes);
alter table app.fact{next} add primary key (kind, entity, valid_from, log, shard, position, line, item);
alter table app.site_span{next} add primary key (site, first_month);

grant select, insert, update, delete on app.posting{next}, app.cell{next}, app.fact{next}, app.site_span{next} to kpi_app;
grant select on app.posting{next}, app.cell{next}, app.fact{next}, app.site_span{next} to kpi_gateway;
