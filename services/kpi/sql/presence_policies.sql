-- Who sees which rows of who has something open when: as of the amounts that they follow from (policies.sql).
alter table app.open_months enable row level security;
create policy service on app.open_months to {{app}} using (true) with check (true);
create policy tenant on app.open_months for select to kpi_gateway using (
    programme = any ((select app.tenant('programmes'))::text[])
    or provider = any ((select app.tenant('providers'))::text[])
    or school = any ((select app.tenant('sites'))::text[]));
grant select on app.open_months to kpi_gateway;

alter table app.crossing enable row level security;
create policy service on app.crossing to {{app}} using (true) with check (true);
create policy tenant on app.crossing for select to kpi_gateway using (
    programme = any ((select app.tenant('programmes'))::text[])
    or provider = any ((select app.tenant('providers'))::text[])
    or school = any ((select app.tenant('sites'))::text[]));
grant select on app.crossing to kpi_gateway;
