"""Every setting of every Kafka client, by hand and in one place: what is left to a default is left to chance."""

from ssl import SSLContext, create_default_context
from typing import Any

from shared.settings import Misconfigured, Settings

CLIENT = "jos"
METADATA_MS = 5_000
"""After how long a client asks anew which topics, partitions and leaders there are."""
REQUEST_MS = 10_000
"""The longest that a broker may take for an answer."""
REBALANCE_SPARE_MS = 5_000
"""How much longer a group may take over a rebalance than its members' session time-out."""

REQUEST_BYTES = 1_048_576
"""The largest batch that is sent, as large as a topic takes."""
FETCH_BYTES = 4 * REQUEST_BYTES
"""What a reader holds of one partition before it has read it: no more is asked for, which is the back-pressure."""


def check(settings: Settings) -> None:
    """Raise `Misconfigured` for a carrier that cannot be reached, or not safely."""
    if not settings.kafka_bootstrap:
        raise Misconfigured("JOS_KAFKA_BOOTSTRAP", "needed when JOS_FEED is kafka")
    if settings.mode == "production" and settings.kafka_security not in ("SSL", "SASL_SSL"):
        raise Misconfigured("JOS_KAFKA_SECURITY", "must be SSL or SASL_SSL in production")
    if settings.kafka_security.startswith("SASL") and not settings.kafka_user:
        raise Misconfigured("JOS_KAFKA_USER", "needed when JOS_KAFKA_SECURITY is SASL")
    _security(settings)


def _common(settings: Settings) -> dict[str, Any]:
    return {
        "bootstrap_servers": settings.kafka_bootstrap.split(","),
        "client_id": CLIENT,
        "request_timeout_ms": REQUEST_MS,
        "retry_backoff_ms": 100,
        "metadata_max_age_ms": METADATA_MS,
        "connections_max_idle_ms": 540_000,
        **_security(settings),
    }


def producer(settings: Settings) -> dict[str, Any]:
    """The relay's: acknowledged by all replicas in sync, without doubles of its own, in order, at once."""
    return {
        **_common(settings),
        "acks": "all",
        "enable_idempotence": True,
        "transactional_id": None,
        "linger_ms": 0,
        "max_batch_size": REQUEST_BYTES,
        "max_request_size": REQUEST_BYTES,
        "compression_type": None,
        "key_serializer": None,
        "value_serializer": None,
    }


def consumer(settings: Settings, group: str | None) -> dict[str, Any]:
    """A reader's: commits nothing, resets to nowhere by itself, holds a bounded amount."""
    session = settings.kafka_session_timeout_ms
    return {
        **_common(settings),
        "request_timeout_ms": max(REQUEST_MS, session + REBALANCE_SPARE_MS),
        "group_id": group,
        "group_instance_id": None,
        "enable_auto_commit": False,
        "auto_offset_reset": "none",
        "isolation_level": "read_uncommitted",
        "check_crcs": True,
        "fetch_min_bytes": 1,
        "fetch_max_wait_ms": 500,
        "fetch_max_bytes": 2 * FETCH_BYTES,
        "max_partition_fetch_bytes": FETCH_BYTES,
        "session_timeout_ms": session,
        "heartbeat_interval_ms": session // 4,
        "rebalance_timeout_ms": session,
        "max_poll_interval_ms": 300_000,
        "consumer_timeout_ms": 200,
        "exclude_internal_topics": True,
        "key_deserializer": None,
        "value_deserializer": None,
    }


def admin(settings: Settings) -> dict[str, Any]:
    """Whoever makes the topics."""
    return _common(settings)


def _security(settings: Settings) -> dict[str, Any]:
    chosen: dict[str, Any] = {"security_protocol": settings.kafka_security}
    if settings.kafka_security.endswith("SSL"):
        chosen["ssl_context"] = _tls(settings)
    if settings.kafka_security.startswith("SASL"):
        chosen["sasl_mechanism"] = "SCRAM-SHA-512"
        chosen["sasl_plain_username"] = settings.kafka_user
        chosen["sasl_plain_password"] = settings.secret("kafka.password").get_secret_value()
    return chosen


def _tls(settings: Settings) -> SSLContext:
    """TLS 1.2 or newer, with the broker's name checked, always. Raises `Misconfigured` for a file that is no good."""
    try:
        context = create_default_context(cafile=settings.kafka_ca_file or None)
    except (OSError, ValueError):
        raise Misconfigured("JOS_KAFKA_CA_FILE", "no certificates can be read from it") from None
    if settings.kafka_cert_file:
        try:
            context.load_cert_chain(settings.kafka_cert_file, settings.kafka_key_file or None)
        except (OSError, ValueError):
            raise Misconfigured("JOS_KAFKA_CERT_FILE", "no certificate with its key can be read from it") from None
    return context
