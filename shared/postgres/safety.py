"""A service refuses a database that could lose what was acknowledged, or a role that could change it (G-02)."""

import asyncpg

from shared.settings import Misconfigured

MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")

# The settings as this session has them, whoever set them: the server, the database or the role.
SETTINGS = "select name, setting from pg_settings where name = any($1)"

# What the role may do beyond what was granted to it: nothing, it must turn out.
ROLE = """
select r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolreplication,
       exists (select from pg_namespace n
               where n.nspname in ('log', 'app') and pg_has_role(r.oid, n.nspowner, 'member'))
       or exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                  where n.nspname = 'log' and pg_has_role(r.oid, c.relowner, 'member'))
       or exists (select from pg_database d
                  where d.datname = current_database() and pg_has_role(r.oid, d.datdba, 'member')) as owner,
       exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
               where n.nspname = 'log' and c.relname = 'events' and not (c.relrowsecurity and c.relforcerowsecurity))
           as unguarded
from pg_roles r where r.rolname = current_user
"""

TOO_MUCH = {
    "rolsuper": "is a superuser",
    "rolbypassrls": "has BYPASSRLS",
    "rolcreaterole": "has CREATEROLE",
    "rolreplication": "has REPLICATION",
    "owner": "is, or is a member of, an owner of the schemas",
}


async def check_safety(pool: asyncpg.Pool) -> None:
    """Raise `Misconfigured`, naming the setting, when the database or the role of this pool is not safe."""
    settings = {row["name"]: row["setting"] for row in await pool.fetch(SETTINGS, list(MUST_BE_ON))}
    for name in MUST_BE_ON:
        if settings.get(name) in ("off", "local"):
            raise Misconfigured(name, "must be on: PostgreSQL could lose what was acknowledged")
    (role,) = await pool.fetch(ROLE)
    for right, words in TOO_MUCH.items():
        if role[right]:
            raise Misconfigured("database role", f"{words}; a service runs as a role that owns nothing")
    if role["unguarded"]:
        raise Misconfigured("row level security", "is not forced on log.events")
