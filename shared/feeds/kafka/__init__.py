"""Apache Kafka as the carrier: a relay publishes each log in order, and a feed reads it back, trusting nothing."""
