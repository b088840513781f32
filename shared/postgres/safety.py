"""A service refuses a database that could lose what was acknowledged, or a role that could change it (G-02, C-12)."""

import asyncpg

from shared.settings import Misconfigured

MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")

# The settings as this session has them, and what the role may do beyond its own: nothing, it must turn out.
SETTINGS = "select name, setting from pg_settings where name = any($1)"
ROLE = """
select r.rolsuper, r.rolbypassrls,
       exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
               where n.nspname = 'log' and c.relname = 'events' and pg_has_role(r.oid, c.relowner, 'member')) as owns,
       exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
               where n.nspname = 'log' and c.relname = 'events' and not (c.relrowsecurity and c.relforcerowsecurity))
           as unforced
from pg_roles r where r.rolname = current_user
"""


async def check_safety(pool: asyncpg.Pool, *, throwaway: bool = False) -> None:
    """Raise `Misconfigured`, naming the setting, when the database or the role is not safe.

    `throwaway` lets `fsync` be off: for clusters of tests, which nobody will miss.
    """
    settings = {row["name"]: row["setting"] for row in await pool.fetch(SETTINGS, list(MUST_BE_ON))}
    for name in MUST_BE_ON:
        if settings.get(name) in ("off", "local") and not (throwaway and name == "fsync"):
            raise Misconfigured(name, "must be on: PostgreSQL could lose what was acknowledged")
    role = await pool.fetchrow(ROLE)
    if role is None or role["rolsuper"] or role["rolbypassrls"] or role["owns"]:
        raise Misconfigured(
            "database role", "is superuser, owner or BYPASSRLS; a service runs as a role that owns nothing"
        )
    if role["unforced"]:
        raise Misconfigured("row level security", "is not forced on log.events")
