-- Who of those that only read sees which rows: the second line behind the gateway's own filters (architecture section 6).
-- A transaction says once who is asking (`app.tenant`, set by the gateway from the token); where nothing was said nothing
-- is seen. The subselects are made once per statement, and comparing texts leaks nothing: every index goes on being used.

-- Amounts: of measures that tell about nobody those of everywhere, of others those of the programmes that the caller may
-- see as a whole, of its own work, and of its own sites.
alter table app.posting enable row level security;
create policy service on app.posting to {{app}} using (true) with check (true);
create policy tenant on app.posting for select to kpi_gateway using (
    programme = any ((select app.tenant('programmes'))::text[])
    or measure = any ((select app.tenant('measures'))::text[])
    or provider = any ((select app.tenant('providers'))::text[])
    or school = any ((select app.tenant('sites'))::text[]));
grant select on app.posting to kpi_gateway;

alter table app.cell enable row level security;
create policy service on app.cell to {{app}} using (true) with check (true);
create policy tenant on app.cell for select to kpi_gateway using (
    programme = any ((select app.tenant('programmes'))::text[])
    or measure = any ((select app.tenant('measures'))::text[])
    or provider = any ((select app.tenant('providers'))::text[])
    or school = any ((select app.tenant('sites'))::text[]));
grant select on app.cell to kpi_gateway;

-- Who and where they are, and which schools report, is for everybody who is signed in.
alter table app.fact enable row level security;
create policy service on app.fact to {{app}} using (true) with check (true);
create policy tenant on app.fact for select to kpi_gateway using ((select app.tenant('measures')) is not null);
grant select on app.fact to kpi_gateway;

alter table app.site_span enable row level security;
create policy service on app.site_span to {{app}} using (true) with check (true);
create policy tenant on app.site_span for select to kpi_gateway using ((select app.tenant('measures')) is not null);
grant select on app.site_span to kpi_gateway;

alter table app.reporting_span enable row level security;
create policy service on app.reporting_span to {{app}} using (true) with check (true);
create policy tenant on app.reporting_span for select to kpi_gateway using ((select app.tenant('measures')) is not null);
grant select on app.reporting_span to kpi_gateway;
