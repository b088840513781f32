-- The selections of which it is kept who has something open when. Others are counted from the postings.
create table app.kept (selection text primary key);
grant select on app.kept to kpi_gateway;

-- For a ledger from before this was kept: as in indexes.sql.
create index if not exists posting_subject_idx on app.posting (subject) where (measure = 'trajectory') is true;
