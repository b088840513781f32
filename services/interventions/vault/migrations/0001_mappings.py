"""The vault: mappings from references to subjects, and the checkpoint of the consumer that learns which are used."""

from shared.feeds.tables import create_tables
from shared.postgres.migrate import run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    create_tables()
    run_sql(__file__, "mappings.sql")
