-- In which months each school reports by events, from the cells in `{cell}`: months with an intervention or the start of a
-- trajectory, and months in which a trajectory is open. A school's course goes from month to month in which anything
-- happened; what is open after one is open up to and in the next, and without a next one until the end of time.
select programme, school, lower(run) as first_month, upper(run) - 1 as last_month
from (
    select programme, school, range_agg(int4range(first_month, last_month, '[]')) as months
    from (
        select programme, school, case when active then month else month + 1 end as first_month,
            case when open then coalesce(next, 999999) else month end as last_month
        from (
            select programme, school, month, lead(month) over w as next,
                coalesce(sum(amount) filter (where measure = 'interventions'), 0) > 0
                    or coalesce(sum(amount) filter (where measure = 'trajectories-started'), 0) > 0 as active,
                sum(sum(case measure when 'trajectories-started' then amount when 'trajectories-ended' then -amount else 0 end))
                    over w > 0 as open
            from {cell}
            where measure in ('trajectories-started', 'trajectories-ended', 'interventions')
                and programme is not null and school is not null {only}
            group by programme, school, month
            window w as (partition by programme, school order by month)) course
        where active or open) piece
    group by programme, school) merged
cross join unnest(months) as run
