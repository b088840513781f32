-- Made after a rebuild has filled the tables, as those of indexes.sql.
create index on app.open_months (programme, subject);
create index on app.open_months (selection, programme, school) where not alone;
alter table app.crossing add unique nulls not distinct
    (selection, programme, school, month, gap, provider, municipality, kind);

-- What came to nothing is taken away at once.
create index on app.crossing (month) where subjects = 0;
