"""Shards: where a programme lives, and an append function that keeps to it."""

from shared.postgres.migrate import run_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the append function anew, and the table that it looks at."""
    for name in ("append", "shards"):
        run_sql(__file__, f"../sql/{name}.sql")
