"""The log: events, claims, epochs, the append function, the reads, and who may do what."""

from shared.postgres.migrate import run_sql

revision = "0001"
down_revision = None

FILES = ("epochs", "events", "claims", "row_hash", "new_event", "append", "feed", "reads", "protection")
"""In order: each uses what stands before it."""


def upgrade() -> None:
    """Run the files, each of which says what it offers."""
    for name in FILES:
        run_sql(__file__, f"../sql/{name}.sql")
