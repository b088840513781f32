"""Who has something open in which months, kept as events are booked."""

from shared.postgres.migrate import run_sql

revision = "0003"
down_revision = "0002"

FILES = ("presence", "presence_indexes", "presence_policies", "kept_selections")


def upgrade() -> None:
    """Run the files, each of which says what it holds. They are filled when kpi starts."""
    for name in FILES:
        run_sql(__file__, f"../sql/{name}.sql")
