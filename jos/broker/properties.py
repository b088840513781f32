"""The configuration of a node: the demo's and the tests' cluster, small, quick to start, and strict."""

from collections.abc import Sequence
from dataclasses import dataclass

CLUSTER_ID = "am9zLWJyb2tlci1sb2NhbA"
"""The same everywhere: 16 bytes in base64, `jos-broker-local`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node listens on the loopback address: for clients at `port`, for its peers' consensus at `control`."""

    number: int
    port: int
    control: int


def properties(own: Place, all_places: Sequence[Place], data: str) -> str:
    """`server.properties` of a node that is broker and controller in one (KRaft), one of `all_places`."""
    copies = min(3, len(all_places))
    settings = {
        "process.roles": "broker,controller",
        "node.id": own.number,
        "controller.quorum.voters": ",".join(f"{one.number}@127.0.0.1:{one.control}" for one in all_places),
        "listeners": f"PLAINTEXT://127.0.0.1:{own.port},CONTROLLER://127.0.0.1:{own.control}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{own.port}",
        "controller.listener.names": "CONTROLLER",
        "log.dirs": data,
        # Nothing comes into being by being asked for, and whoever acknowledged is never overruled.
        "auto.create.topics.enable": "false",
        "unclean.leader.election.enable": "false",
        "default.replication.factor": copies,
        "min.insync.replicas": max(1, copies - 1),
        # Kafka's own topics, small: three consumers' offsets need no fifty partitions.
        "offsets.topic.num.partitions": 1,
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.num.partitions": 1,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": max(1, copies - 1),
        "share.coordinator.state.topic.num.partitions": 1,
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": max(1, copies - 1),
        # A killed node is let in again once its session is over; the usual nine seconds are for networks.
        "broker.heartbeat.interval.ms": 500,
        "broker.session.timeout.ms": 3000,
        "controlled.shutdown.enable": str(len(all_places) > 1).lower(),
        # Groups: no waiting for members who might still come, and sessions as short as a test may ask for.
        "group.initial.rebalance.delay.ms": 0,
        "group.min.session.timeout.ms": 1000,
        # Room: the cleaner alone would take half of the heap.
        "log.cleaner.dedupe.buffer.size": 4 * 1024 * 1024,
        "num.network.threads": 2,
        "num.io.threads": 4,
        "log.index.size.max.bytes": 1024 * 1024,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())
