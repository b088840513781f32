"""What relays and readers of Kafka keep, in the schema `kafka` of each service's database."""

from shared.postgres.migrate import run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    run_sql(__file__)
