"""Over TLS and SCRAM every service publishes and reads with the lists of docs/growing-up.md, and no more than that."""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError, TopicAuthorizationFailedError

from jos.broker.broker import free_places
from shared.clock import FrozenClock
from shared.feeds.kafka import clients
from shared.feeds.kafka.relay import start_relay
from shared.feeds.kafka.subscription import Subscription
from shared.feeds.kafka.topics import ensure_topic, group_of, topic_of
from shared.log.log import Log
from shared.postgres.pool import open_pool
from shared.settings import SERVICES, Settings
from tests.feeds.given import store
from tests.feeds.kafka.given import until
from tests.feeds.kafka.secured import Rule, Secured, allow
from tests.fixtures.kafka import need_kafka

PAGE = (Path(__file__).parents[3] / "docs" / "growing-up.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (topic|group) \| (.+) \| (.+) \|$", re.MULTILINE)
RULES = [
    Rule(principal, resource, tuple(re.findall(r"`jos\.([^`]+)`", names)), tuple(operations.split(", ")))
    for principal, resource, names, operations in ROW.findall(PAGE)
]
PASSWORDS = {service: f"{service}-of-the-tests-".ljust(40, "x") for service in SERVICES}
COUNT = 3

READERS = [
    ("registry", "work-list", "contracts", False),
    ("registry", "work-list", "kpi", False),
    ("interventions", "interventions-facts", "registry", False),
    ("interventions", "interventions-facts", "contracts", False),
    ("interventions", "findings", "interventions", True),
    ("contracts", "contracts-facts", "registry", False),
    ("contracts", "contracts-alerts", "kpi", False),
    *(("kpi", "kpi-ledger", log, True) for log in SERVICES),
]
"""Service, reader, log, and whether by a group: what the services open (`open_feed`)."""


@pytest.fixture(scope="module")
async def broker(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Secured]:
    """It listens to nobody who has no password, but for the tests."""
    need_kafka()
    place, tls = free_places(2)
    node = Secured(tmp_path_factory.mktemp("broker"), place, tls, PASSWORDS)
    try:
        await node.start()
        await node.ready()
        yield node
    finally:
        await node.stop()


@pytest.fixture
def anybody(broker: Secured, databases: Settings) -> Settings:
    """The settings of somebody who may do everything."""
    return databases.model_copy(update={"kafka_bootstrap": broker.address})


@pytest.fixture
async def by_service(broker: Secured, databases: Settings, anybody: Settings, tmp_path: Path) -> dict[str, Settings]:
    """The settings of each service, once the lists are on the broker."""
    found = {}
    for service, password in PASSWORDS.items():
        secrets = tmp_path / f"secrets-{service}"
        shutil.copytree(databases.secrets_dir, secrets)
        (secrets / "kafka.password").touch(mode=0o600)
        (secrets / "kafka.password").write_text(password, encoding="utf-8")
        changed = {
            "feed": "kafka",
            "kafka_bootstrap": broker.tls,
            "kafka_security": "SASL_SSL",
            "kafka_ca_file": str(broker.authority),
            "kafka_user": service,
            "secrets_dir": secrets,
        }
        found[service] = databases.model_copy(update=changed)
    prefix = f"{databases.kafka_prefix}{databases.database_prefix}"
    rules = [
        Rule(rule.principal, rule.resource, tuple(prefix + name for name in rule.names), rule.operations)
        for rule in RULES
    ]
    await allow(anybody, rules)
    return found


async def test_the_lists_of_the_page_are_enough_and_no_more(
    by_service: dict[str, Settings], clock: FrozenClock
) -> None:
    async with AsyncExitStack() as stack:
        for service, settings in by_service.items():
            clients.check(settings.model_copy(update={"mode": "production"}))
            pool = await stack.enter_async_context(await open_pool(settings, service))
            log = Log(service, pool, clock)
            await log.start()
            stack.push_async_callback(log.close)
            await store(log, 1, COUNT)
            relay = await start_relay(service, pool, settings, clock)
            stack.push_async_callback(relay.close)
            await until(lambda relay=relay: relay.published(1) == COUNT)  # type: ignore[misc]

        for service, reader, log_name, group in READERS:
            assert await heard(Subscription(log_name, by_service[service], reader, group)) == 1 + COUNT, reader

    for service, settings in by_service.items():
        own = {name for rule in RULES if rule.principal == service and rule.resource == "topic" for name in rule.names}
        assert await topics(settings) == {topic_of(settings, name) for name in own}
        for other in own - {service}:
            with pytest.raises(TopicAuthorizationFailedError):
                await forge(settings, other)
    with pytest.raises(GroupAuthorizationFailedError):
        await join(by_service["contracts"], "kpi-ledger", "registry")


async def test_each_service_may_mend_its_own_topic_and_give_it_more_partitions(
    by_service: dict[str, Settings], anybody: Settings
) -> None:
    admin = AIOKafkaAdminClient(**clients.admin(anybody))
    await admin.start()
    try:
        for service, settings in by_service.items():
            await ensure_topic(settings, service, 1)
            topic = ConfigResource(ConfigResourceType.TOPIC, topic_of(settings, service), {"retention.ms": "1"})
            await admin.alter_configs([topic])
            await ensure_topic(settings, service, 2)
            [found] = await admin.describe_topics([topic.name])
            [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name)])
            [(_, _, _, _, entries)] = answer.resources
            assert (len(found["partitions"]), {one[0]: one[1] for one in entries}["retention.ms"]) == (2, "-1")
    finally:
        await admin.close()


async def heard(subscription: Subscription) -> int:
    """How many records it brings."""
    count = 0

    async def enough() -> bool:
        nonlocal count
        count += sum(len(records) for records in (await subscription.poll(0.5)).values())
        return count >= 1 + COUNT

    try:
        await until(enough)
    finally:
        await subscription.close()
    return count


async def topics(settings: Settings) -> set[str]:
    """The topics that the brokers show to this user."""
    consumer = AIOKafkaConsumer(**clients.consumer(settings, None))
    await consumer.start()
    try:
        return set(await consumer.topics())
    finally:
        await consumer.stop()


async def forge(settings: Settings, log: str) -> None:
    """Put a record into that topic."""
    producer = AIOKafkaProducer(**clients.producer(settings))
    await producer.start()
    try:
        await producer.send_and_wait(topic_of(settings, log), b"forged", partition=0)
    finally:
        await producer.stop()


async def join(settings: Settings, reader: str, log: str) -> None:
    """Join the group of a reader."""
    consumer = AIOKafkaConsumer(topic_of(settings, log), **clients.consumer(settings, group_of(settings, reader, log)))
    try:
        await consumer.start()
        await consumer.getmany(timeout_ms=5000)
    finally:
        await consumer.stop()


@pytest.mark.parametrize("wrong", [{"kafka_user": "registry"}, {"kafka_ca_file": ""}, {"kafka_security": "PLAINTEXT"}])
async def test_who_does_not_know_the_password_or_the_authority_gets_no_connection(
    by_service: dict[str, Settings], wrong: dict[str, str]
) -> None:
    producer = AIOKafkaProducer(**clients.producer(by_service["kpi"].model_copy(update=wrong)))
    with pytest.raises(KafkaError):
        await producer.start()
    await producer.stop()
