-- What the role of the gateway may read beside the read models. Nothing by itself: not what was read of the logs, and no
-- table that is made later.
revoke all on all tables in schema app from kpi_gateway;
alter default privileges in schema app revoke select on tables from kpi_gateway;
grant select on app.posting, app.cell, app.fact, app.site_span, app.reporting_span to kpi_gateway;

-- Of no tenant: definitions, moments, and how far the ledger is. Of what was set aside how many there are of a programme.
grant select on app.definition, app.cut, app.caught_up to kpi_gateway;
grant select (consumer, log, shard, position) on app.checkpoints to kpi_gateway;
grant select (consumer, programme) on app.parked to kpi_gateway;
