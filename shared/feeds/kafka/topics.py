"""The topics: one per log, a partition per shard, made by the relay with settings that are stated here."""

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

from shared.feeds.kafka import clients
from shared.feeds.kafka.clients import REQUEST_BYTES
from shared.settings import Settings


def topic_of(settings: Settings, log: str) -> str:
    """The topic of a log, of its own for every installation that shares a cluster."""
    return f"{settings.kafka_prefix}{settings.database_prefix}{log}"


def group_of(settings: Settings, reader: str, log: str) -> str:
    """The consumer group of a reader: one per log, so that a shard of one log never waits for another's rebalance."""
    return f"{settings.kafka_prefix}{settings.database_prefix}{reader}.{log}"


def configuration(settings: Settings) -> dict[str, str]:
    """What a topic is made with: nothing is thrown away, nothing acknowledged by one broker alone, no time believed."""
    return {
        "cleanup.policy": "delete",
        "retention.ms": "-1",
        "retention.bytes": "-1",
        "min.insync.replicas": str(max(1, settings.kafka_replication - 1)),
        "unclean.leader.election.enable": "false",
        "max.message.bytes": str(REQUEST_BYTES + 4096),
        "message.timestamp.type": "LogAppendTime",
        "compression.type": "producer",
    }


async def ensure_topic(settings: Settings, log: str, partitions: int) -> None:
    """Make the topic, or give it the partitions and the settings that it lacks. Raises what the broker says."""
    topic = topic_of(settings, log)
    admin = AIOKafkaAdminClient(**clients.admin(settings))
    try:
        await admin.start()
        stated = configuration(settings)
        new = NewTopic(topic, partitions, settings.kafka_replication, topic_configs=stated)
        answer = await admin.create_topics([new])
        code = answer.topic_errors[0][1]
        if code == TopicAlreadyExistsError.errno:
            await _complete(admin, topic, partitions, stated)
        elif code:
            raise for_code(code)(topic)
    finally:
        await admin.close()


async def _complete(admin: AIOKafkaAdminClient, topic: str, partitions: int, stated: dict[str, str]) -> None:
    [found] = await admin.describe_topics([topic])
    if len(found["partitions"]) < partitions:
        await admin.create_partitions({topic: NewPartitions(partitions)})
    resource = ConfigResource(ConfigResourceType.TOPIC, topic, stated)
    [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    [(code, _, _, _, entries)] = answer.resources
    if code:
        raise for_code(code)(topic)
    present = {entry[0]: entry[1] for entry in entries}
    if any(present.get(name) != value for name, value in stated.items()):
        for changed in await admin.alter_configs([resource]):
            for error, *_ in changed.resources:
                if error:
                    raise for_code(error)(topic)
