"""The roles of a cluster: one per service and purpose, each with the least it needs.

| role | may |
|---|---|
| `<service>_owner` | own the schemas and change them (migrations); never used by a running service |
| `<service>_append` | own the append function; nobody connects as it |
| `<service>_app` | what the service's process does |
| `<service>_feed` | read the log's feed |
| `kpi_gateway` | read the tables of kpi |
"""

import base64
import hashlib
import hmac
import secrets

import asyncpg

from shared.settings import SERVICES

VAULT = "vault"
GATEWAY = "kpi_gateway"

LOGINS = dict.fromkeys(SERVICES, ("owner", "app", "feed")) | {VAULT: ("owner", "app")}

PLAIN = "nosuperuser nocreatedb nocreaterole nobypassrls noreplication"
"""No right to anything beyond what is granted by name."""

SCRAM_ITERATIONS = 4096


def login_roles() -> list[str]:
    """The roles that connect; each has a secret of its name."""
    return [f"{name}_{role}" for name, roles in LOGINS.items() for role in roles] + [GATEWAY]


def all_roles() -> list[str]:
    """Every role, those that nobody connects as included."""
    return login_roles() + [f"{service}_append" for service in SERVICES]


def visitors(name: str) -> list[str]:
    """The roles that may connect to this database."""
    own = [f"{name}_{role}" for role in LOGINS[name]]
    return [*own, GATEWAY] if name == "kpi" else own


def words(name: str) -> dict[str, str]:
    """What stands for `{{service}}`, `{{owner}}` and so on in the SQL of this database."""
    roles = ("owner", "app") if name == VAULT else ("owner", "append", "app", "feed")
    return {"service": name} | {role: f"{name}_{role}" for role in roles}


async def make_roles(connection: asyncpg.Connection, passwords: dict[str, str]) -> None:
    """Make the roles that are not there, and give all of them their rights and passwords, whatever they had before."""
    there = {row["rolname"] for row in await connection.fetch("select rolname from pg_roles")}
    for role in all_roles():
        if role not in there:
            await connection.execute(f"create role {role}")
        password = passwords.get(role)
        entry = f"login password '{scram_verifier(password)}'" if password else "nologin password null"
        await connection.execute(f"alter role {role} {PLAIN} {entry}")
    for service in SERVICES:
        # The owner may hand a function to the append role; it never acts as that role.
        await connection.execute(f"grant {service}_append to {service}_owner with inherit false, set true")


def scram_verifier(password: str) -> str:
    """What PostgreSQL stores of a password (RFC 5802, RFC 7677): the password itself is in no statement and no log.

    For passwords of ASCII characters, as ours are: others would have to be normalised first.
    """
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, SCRAM_ITERATIONS)
    client = hmac.digest(salted, b"Client Key", "sha256")
    stored = hashlib.sha256(client).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    text = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${SCRAM_ITERATIONS}:{text[0]}${text[1]}:{text[2]}"
