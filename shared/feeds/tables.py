"""The tables of checkpoints and parked events, for the first `app` migration of each service that consumes."""

from shared.postgres.migrate import run_sql


def create_tables() -> None:
    """Make `app.checkpoints` and `app.parked`, to be called from the `upgrade` of a migration."""
    run_sql(__file__, "tables.sql")
