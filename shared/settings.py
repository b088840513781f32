"""Settings: read once at start, handed down, never changed; no other module reads the environment."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "JOS_"

_NAME = r"^[\x21-\x7e]{1,250}$"
_BROKERS = r"^$|^[A-Za-z0-9_.\[\]:-]+:\d{1,5}(,[A-Za-z0-9_.\[\]:-]+:\d{1,5})*$"
_FILE = r"^[^\x00-\x1f]{0,500}$"
_URL = r"^https?://[\x21-\x7e]{1,500}$"

SERVICES = ("registry", "interventions", "contracts", "kpi")
"""The services with a log of their own; each has a database of its name."""


class Misconfigured(Exception):
    """A setting is wrong: the process ends with exit code 78 and one line that names the key, never the value."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"{key}: {why}")
        self.key = key


class Settings(BaseSettings):
    """Everything that can be configured, the same for every service."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    mode: Literal["demo", "production"] = "production"
    feed: Literal["postgresql", "kafka"] = "postgresql"
    """What carries the logs to the readers in other services."""
    kafka_bootstrap: str = Field(default="", pattern=_BROKERS)
    """Where the brokers are, `host:port,host:port`; needed when the feed is `kafka`."""
    kafka_prefix: str = Field(default="jos.", pattern=r"^[A-Za-z0-9._-]{1,100}$")
    """Put before the names of topics and consumer groups, and before the prefix of the databases."""
    kafka_security: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_ca_file: str = Field(default="", pattern=_FILE)
    """The authority that signed the brokers' certificates; none: those that the machine trusts."""
    kafka_cert_file: str = Field(default="", pattern=_FILE)
    kafka_key_file: str = Field(default="", pattern=_FILE)
    """Certificate and key of this client, when the brokers ask for one."""
    kafka_user: str = Field(default="", pattern=r"^[\x21-\x7e]{0,250}$")
    """The SASL user (SCRAM-SHA-512); the password is the secret `kafka.password`."""
    kafka_replication: int = Field(default=1, ge=1, le=7)
    """On how many brokers a topic is kept; all but one of them must have a record before it is acknowledged."""
    kafka_session_timeout_ms: int = Field(default=8000, ge=1000, le=300_000)
    """After how long a silent consumer's shards go to another."""
    database_host: str = Field(default="127.0.0.1", pattern=_NAME)
    database_port: int = Field(default=5432, ge=1, le=65535)
    database_prefix: str = Field(default="", pattern=r"^[a-z0-9_]{0,40}$")
    """Put before every database name, so that several installations share one cluster."""
    secrets_dir: Path = Path(".jos/secrets")
    """Holds a file per database role (its password) and `token.key`; each readable by its owner alone."""
    data_dir: Path = Path(".jos")
    """Where the heads of the logs and the erasure register are written besides the database."""
    issuer: str = Field(default="http://127.0.0.1:8400", pattern=_URL)
    """The OpenID issuer whose tokens are accepted, exactly as in `iss`."""
    audience: str = Field(default="jos", pattern=_NAME)
    host: str = Field(default="127.0.0.1", pattern=_NAME)
    port: int = Field(default=8080, ge=0, le=65535)
    metrics_port: int = Field(default=0, ge=0, le=65535)
    """Where `/metrics` is served; 0 switches it off."""
    traces_endpoint: str = Field(default="", pattern=f"^$|{_URL}")
    """Where spans are sent over OTLP/HTTP (`http://collector:4318/v1/traces`); empty switches it off."""
    public_url: str = Field(default="", pattern=f"^$|{_URL}")
    """The base URL by which the outside knows this service; empty: derived from host and port."""
    rate_per_second: int = Field(default=1000, ge=1)
    """Requests a client may send in a second before it gets 429."""
    pool_size: int = Field(default=8, ge=1, le=64)
    statement_timeout_ms: int = Field(default=5000, ge=100, le=600_000)

    def secret(self, name: str) -> SecretStr:
        """The secret in this file. Raises `Misconfigured` when it is missing, short or readable by others."""
        path = self.secrets_dir / name
        try:
            mode = path.stat().st_mode
            value = path.read_text(encoding="utf-8").strip()
        except OSError:
            raise Misconfigured(f"JOS_SECRETS_DIR/{name}", "missing or unreadable") from None
        if mode & 0o077:
            raise Misconfigured(f"JOS_SECRETS_DIR/{name}", "readable by group or world")
        if len(value) < 32:
            raise Misconfigured(f"JOS_SECRETS_DIR/{name}", "shorter than 32 characters")
        return SecretStr(value)

    def database(self, name: str) -> str:
        """The name of a database: `registry`, `interventions`, `contracts`, `kpi` or `vault`."""
        return self.database_prefix + name


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process.

    Raises `Misconfigured`, naming the key alone, for an unknown `JOS_` variable or a value that does not fit.
    """
    environment = os.environ if environment is None else environment
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    given = {key: value for key, value in environment.items() if key.startswith(PREFIX)}
    for key, value in given.items():
        if key not in known:
            raise Misconfigured(key, "unknown setting")
        if not value.isprintable():
            raise Misconfigured(key, "holds a control character")
    try:
        return Settings.model_validate({key.removeprefix(PREFIX).lower(): value for key, value in given.items()})
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        raise Misconfigured(PREFIX + str(first["loc"][0]).upper(), first["msg"]) from None
