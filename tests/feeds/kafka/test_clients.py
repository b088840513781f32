"""Every setting of the Kafka clients is stated, and these are the ones on which something rests."""

import inspect

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from shared.feeds.kafka import clients
from shared.feeds.kafka.topics import configuration, group_of, topic_of
from shared.settings import Misconfigured, Settings

ONE = Settings(mode="demo", feed="kafka", kafka_bootstrap="127.0.0.1:9092,127.0.0.1:9093")
LEFT_OUT = {"self", "loop", "topics", "api_version", "partitioner", "transaction_timeout_ms", "max_poll_records"}
LEFT_OUT |= {"partition_assignment_strategy", "auto_commit_interval_ms", "client_rack", "ssl_context"}


def test_the_producer_waits_for_all_and_doubles_nothing() -> None:
    stated = clients.producer(ONE)
    wanted = {"acks": "all", "enable_idempotence": True, "transactional_id": None, "linger_ms": 0}
    assert {name: stated[name] for name in wanted} == wanted


def test_a_reader_commits_nothing_and_resets_to_nowhere() -> None:
    stated = clients.consumer(ONE, "group")
    wanted = {"enable_auto_commit": False, "auto_offset_reset": "none", "check_crcs": True, "session_timeout_ms": 8000}
    assert {name: stated[name] for name in wanted} == wanted
    assert stated["heartbeat_interval_ms"] * 3 < stated["session_timeout_ms"] < stated["request_timeout_ms"]


@pytest.mark.parametrize(
    ("kind", "stated"),
    [
        (AIOKafkaProducer, clients.producer(ONE)),
        (AIOKafkaConsumer, clients.consumer(ONE, "group")),
        (AIOKafkaAdminClient, clients.admin(ONE)),
    ],
)
def test_no_setting_is_left_to_the_library(kind: type, stated: dict[str, object]) -> None:
    known = {name for name in inspect.signature(kind).parameters if not name.startswith("sasl_")}
    assert stated.keys() <= known | {"sasl_mechanism"}
    assert known - stated.keys() <= LEFT_OUT


def test_a_topic_throws_nothing_away_and_needs_more_than_one_broker() -> None:
    stated = configuration(ONE.model_copy(update={"kafka_replication": 3}))
    assert stated["min.insync.replicas"] == "2"
    assert (stated["retention.ms"], stated["retention.bytes"], stated["cleanup.policy"]) == ("-1", "-1", "delete")
    assert (stated["unclean.leader.election.enable"], stated["message.timestamp.type"]) == ("false", "LogAppendTime")
    assert configuration(ONE)["min.insync.replicas"] == "1"


def test_names_of_topics_and_groups_begin_with_what_the_installation_chose() -> None:
    settings = ONE.model_copy(update={"kafka_prefix": "delft.", "database_prefix": "try_"})
    assert topic_of(settings, "registry") == "delft.try_registry"
    assert group_of(settings, "kpi-ledger", "registry") == "delft.try_kpi-ledger.registry"


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"kafka_bootstrap": ""}, "JOS_KAFKA_BOOTSTRAP"),
        ({"mode": "production"}, "JOS_KAFKA_SECURITY"),
        ({"mode": "production", "kafka_security": "SASL_PLAINTEXT"}, "JOS_KAFKA_SECURITY"),
        ({"kafka_security": "SASL_SSL"}, "JOS_KAFKA_USER"),
        ({"kafka_security": "SSL", "kafka_ca_file": "/nowhere.pem"}, "JOS_KAFKA_CA_FILE"),
        ({"kafka_security": "SSL", "kafka_cert_file": "/nowhere.pem"}, "JOS_KAFKA_CERT_FILE"),
    ],
)
def test_a_carrier_that_cannot_be_reached_safely_is_refused_at_start(changed: dict[str, object], key: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        clients.check(ONE.model_copy(update=changed))
    assert refused.value.key == key
