-- `log.feed`: the log as others read it, after a position, in order.

-- Every column of every event, with the present epoch of the log. It belongs to {{append}}, whose row policy sees the whole log;
-- {{feed}} may read nothing else.
create view log.feed as
    select v.*, (select e.epoch from log.epoch e) as epoch from log.events v;

grant select on log.feed to {{feed}};
