"""kpi: what it has read, how far it is, the read models, definitions and cuts."""

from shared.feeds.tables import create_tables
from shared.postgres.migrate import run_sql

revision = "0001"
down_revision = None

FILES = ("incoming", "ledger", "indexes", "kept")


def upgrade() -> None:
    """Run the files, each of which says what it holds."""
    create_tables()
    for name in FILES:
        run_sql(__file__, f"../sql/{name}.sql")
