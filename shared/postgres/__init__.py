"""PostgreSQL: the embedded server, databases and roles, safe settings."""
