"""What the carrier tells about itself, for Prometheus; nothing but reporting depends on it."""

from prometheus_client import Counter, Gauge

REFUSED = Counter("jos_kafka_refused", "Records that were not believed", ["reader", "log", "reason"])
DUPLICATES = Counter("jos_kafka_duplicates", "Records of positions that were read before", ["reader", "log"])
REFILLED = Counter("jos_kafka_refilled", "Events read from the log because the topic lacked them", ["reader", "log"])
REBUILDS = Counter("jos_kafka_client_rebuilds", "Clients that were stuck or failed and made anew", ["reader", "log"])
TIMELINE = Gauge("jos_kafka_timeline_lost", "1 while the topic is ahead of the log", ["reader", "log"])

RELAY_LAG = Gauge("jos_relay_lag_events", "Events in the log that are not published", ["log", "shard"])
RELAY_LAG_SECONDS = Gauge("jos_relay_lag_seconds", "Age of the oldest event not published", ["log", "shard"])
RELAY_HOLDS = Gauge("jos_relay_holds", "1 while this process publishes the shard", ["log", "shard"])
RELAY_CONTINUITY = Gauge("jos_relay_continuity", "1 when the topic was proved to continue the log", ["log", "shard"])
RELAY_PUBLISHED = Counter("jos_relay_published", "Records that the brokers acknowledged", ["log"])
RELAY_REPLAYS = Counter("jos_relay_replays", "Times that a topic was written again, and why", ["log", "reason"])
