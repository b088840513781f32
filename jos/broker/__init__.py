"""Apache Kafka inside our own installation: obtained, formatted, started and stopped without anyone installing it.

For the demo and for tests. A country runs a cluster of its own and names it (`JOS_KAFKA_BOOTSTRAP`).
"""
