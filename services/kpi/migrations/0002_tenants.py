"""The role of the gateway sees the rows of whoever is asking, and of other tables what it needs by name."""

from alembic import op

from services.kpi.question import reporting_at
from shared.postgres.migrate import run_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Run the files, each of which says what it holds."""
    for name in ("tenant", "policies", "grants"):
        run_sql(__file__, f"../sql/{name}.sql")
    op.get_bind().exec_driver_sql(reporting_at())
