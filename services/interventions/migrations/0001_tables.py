"""Held events, receipts, findings, and the checkpoints of the service's own consumers."""

from shared.feeds.tables import create_tables
from shared.postgres.migrate import run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    create_tables()
    run_sql(__file__, "tables.sql")
