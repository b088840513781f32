-- Who is asking, and what belongs to it; the policies of the read models rest on this.

-- What the transaction was told of the caller: `programmes` that it may see as a whole, its `providers`, its `sites`, and
-- the `measures` that are open to everybody. Nothing where nothing was told.
create function app.tenant(what text) returns text[] language sql stable parallel safe
return nullif(current_setting('jos.' || what, true), '')::text[];

-- The programmes that a caller may see as a whole on a day: those of the region that it is the steward of, those that
-- were granted to it, and those in which its municipality takes part. As the owner: nobody is known yet.
create function app.programmes_seen(of_region text, granted text[], municipalities text[], today date)
returns text[] language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select coalesce(array_agg(code), '{}') from (
        select f.entity as code from app.fact f
        where f.kind = 'PROGRAMME' and f.valid_from <= today and f.attributes ? 'region'
        group by f.entity
        having (array_agg(f.attributes ->> 'region' order by f.valid_from desc, f.shard desc, f.position desc, f.line desc))[1]
            = of_region
        union select unnest(granted)
        union
        select p.programme from app.posting p
        where p.measure = 'municipality-participation' and p.municipality = any(municipalities) and p.day <= today
        group by p.programme, p.municipality having sum(p.amount) > 0) seen
$$;

-- The sites of schools (BRIN), or with these codes.
create function app.sites_of(schools text[])
returns text[] language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select coalesce(array_agg(distinct site), '{}') from app.site_span where site = any(schools) or school = any(schools)
$$;
