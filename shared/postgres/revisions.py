"""Whether a schema is up to date, by the numbers alone: a start with nothing to migrate loads no migration tool."""

from pathlib import Path

import asyncpg


def newest(folder: Path) -> str | None:
    """The number of the last revision in a folder (`0002_names.py` is revision `0002`); nothing when there is none."""
    numbers = [file.stem.partition("_")[0] for file in folder.glob("[0-9]*_*.py")]
    return max(numbers, default=None)


async def is_current(connection: asyncpg.Connection, schema: str, folder: Path) -> bool:
    """Whether the schema has the last revision of the folder, or a later one, of a version after ours (G-19)."""
    wanted = newest(folder)
    if wanted is None:
        return True
    table = f"{schema}.alembic_version"
    if not await connection.fetchval("select to_regclass($1) is not null", table):
        return False
    return bool(await connection.fetchval(f"select max(version_num) >= $1 from {table}", wanted))
