"""Names and register numbers of professionals, apart from the log."""

from shared.postgres.migrate import run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table."""
    run_sql(__file__, "identities.sql")
