-- The chain: every row's hash covers the whole row and the hash of the row before it (G-07).

-- SHA-256 over the previous hash and the row's columns as text. `array_send` is the binary form of a text array: a header
-- with the number of columns, then each one with its length before it (-1 for none), so that no two rows read the same.
-- `first` is the hash to start from, `previous` the one that the aggregate carries on.
create function log.row_hash(previous bytea, first bytea, columns text[]) returns bytea
    language sql stable parallel safe
return sha256(coalesce(previous, first) || array_send(columns));

-- The running chain over rows in order: log.chain(head, columns) over (order by position rows unbounded preceding).
create aggregate log.chain(bytea, text[]) (sfunc = log.row_hash, stype = bytea);

-- What the chain of a shard starts from, so that no two logs have a chain in common.
create function log.genesis(shard smallint) returns bytea
    language sql stable
    set search_path = log, pg_temp
return (select sha256(convert_to('jos log ' || e.log_id || ' ' || shard, 'UTF8')) from log.epoch e);
