"""Migrations: each schema of each database has a folder with alembic revisions, whose statements are .sql files.

A folder is one flat script location without `env.py`. A revision is two files beside each other: `0001_tables.py` has
`revision = "0001"` and calls `run_sql(__file__)`; `0001_tables.sql` holds any number of statements, in which
`{{service}}`, `{{owner}}`, `{{append}}`, `{{app}}` and `{{feed}}` are replaced by the service's name and its roles.
A run is one transaction, as the owner of the database.
"""

import asyncio
import re
from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import cast

from alembic import op
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import AdaptedConnection, Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

_words: ContextVar[Mapping[str, str]] = ContextVar("words")

_alembic = asyncio.Lock()
"""Alembic keeps its context in module variables: one run at a time in a process."""


async def migrate(dsn: str, folder: Path, schema: str, words: Mapping[str, str]) -> None:
    """Bring one schema of one database to the newest revision; a folder that does not exist has none.

    `dsn` is the owner's (`postgresql://...`); `words` are put into the SQL. Raises what PostgreSQL says.
    """
    if not folder.is_dir():  # noqa: ASYNC240  (once, at start)
        return
    engine = create_async_engine(dsn.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=NullPool)
    try:
        async with _alembic, engine.begin() as connection:
            await connection.run_sync(_upgrade, folder, schema, words)
    finally:
        await engine.dispose()


def run_sql(revision: str, other: str | None = None) -> None:
    """Run the .sql of the same name as the revision's file, or another file relative to it."""
    path = Path(revision)
    path = (path.parent / other).resolve() if other else path.with_suffix(".sql")
    text = re.sub(r"\{\{(\w+)}}", lambda word: _words.get()[word[1]], path.read_text(encoding="utf-8"))
    adapted = cast(AdaptedConnection, op.get_bind().connection.dbapi_connection)
    adapted.run_async(lambda connection: connection.execute(text))


def _upgrade(connection: Connection, folder: Path, schema: str, words: Mapping[str, str]) -> None:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("version_locations", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    token = _words.set(words)
    try:
        with EnvironmentContext(config, script, fn=lambda rev, _: script._upgrade_revs("head", rev)) as environment:
            environment.configure(connection=connection, version_table_schema=schema)
            connection.exec_driver_sql("select pg_advisory_xact_lock(7106)")
            connection.exec_driver_sql(
                f"set local search_path = {'log, public' if schema == 'log' else 'app, log, public'}"
            )
            environment.run_migrations()
    finally:
        _words.reset(token)
