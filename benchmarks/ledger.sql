-- The events at the positions $1 to $2, as kpi keeps them. $3 are sites, $4 the provider of each.
--
-- Of a hundred: 46 group, 26 individual, 10 parent support and 10 coaching contacts, 3 trajectories that start and 3 that
-- end, a correction and a retraction of the individual contact 50 before. Seven years; a subject has some twelve events.
with share (first, last, type, act, kind) as (values
    (0, 45, 'group-intervention-recorded.v1', 'group-intervention-recorded.v1', 'GROUP'),
    (46, 71, 'individual-intervention-recorded.v1', 'individual-intervention-recorded.v1', 'INDIVIDUAL'),
    (72, 81, 'parent-support-recorded.v1', 'parent-support-recorded.v1', 'PARENT_SUPPORT'),
    (82, 91, 'coaching-recorded.v1', 'coaching-recorded.v1', 'COACHING'),
    (92, 94, 'support-trajectory-started.v1', 'support-trajectory-started.v1', 'TRAJECTORY'),
    (95, 97, 'support-trajectory-completed.v1', 'support-trajectory-completed.v1', 'TRAJECTORY'),
    (98, 98, 'event-corrected.v1', 'group-intervention-recorded.v1', 'GROUP'),
    (99, 99, 'event-retracted.v1', null, 'INDIVIDUAL')),
event as (
    select n, s.*, n % 100 >= 98 as corrects, ($3::text[])[1 + n / 100 % cardinality($3)] as site,
        ($4::text[])[1 + n / 100 % cardinality($4)] as provider,
        date '2022-01-01' + (n / 100 * 7919 % 2450)::integer + case when n % 100 between 95 and 97 then 60 else 0 end as day,
        '{"duration":"' || case n % 2 when 0 then 'STRUCTURAL' else 'INCIDENTAL' end || '","form":"INDIVIDUAL"'
            || ',"minutes":45,"programme":"HR-JOS","staff":["m-77"],"mode":"GUIDANCE","occurredOn":"2022-03-14"}' as data
    from generate_series($1::bigint, $2::bigint) n join share s on n % 100 between s.first and s.last)
insert into app.incoming
select 'interventions', 1, n, md5(n::text)::uuid, provider, 'urn:bench', 'b-' || n, 'nl.jeugdhulp-op-school.' || type, act,
    'intervention/b-' || n, 1, now(), now(), day, null, 'HR-JOS', site, provider, null,
    case when kind not in ('GROUP', 'COACHING') then md5('pupil' || n / 25)::uuid end,
    case when kind = 'TRAJECTORY' then 't-' || n / 100 || '-' || (n - 92) % 3 end, kind,
    case when kind <> 'TRAJECTORY' then 30 + n % 4 * 15 end,
    case when corrects then md5((n - 50)::text)::uuid end, case when corrects then md5((n - 50)::text)::uuid end,
    case type when 'event-corrected.v1' then '{"type":"nl.jeugdhulp-op-school.' || act || '","data":' || data || '}'
        else data end
from event
