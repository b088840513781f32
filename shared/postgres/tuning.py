"""The settings of the embedded server: safe, and modest enough for a small machine (about 160 MB PSS)."""

from collections.abc import Mapping

SETTINGS: Mapping[str, str] = {
    # What makes an acknowledged event durable (G-01, G-02); `check_safety` refuses a service when one is off.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    # Reached from this machine alone, with a password.
    "listen_addresses": "127.0.0.1",
    "password_encryption": "scram-sha-256",
    "unix_socket_permissions": "0777",
    "max_connections": "100",
    # A query whose client has gone is stopped.
    "client_connection_check_interval": "1s",
    # Memory and processes for two cores.
    "shared_buffers": "64MB",
    "huge_pages": "off",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "wal_buffers": "4MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "effective_cache_size": "512MB",
    "max_worker_processes": "4",
    "max_parallel_workers": "2",
    "max_parallel_workers_per_gather": "1",
    "autovacuum_max_workers": "2",
    "io_workers": "2",
    # The server's own log names no statement and no value: both may hold personal data (G-28).
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}

THROWAWAY: Mapping[str, str] = {"max_wal_size": "96MB", "min_wal_size": "32MB", "shared_buffers": "32MB"}
"""On top, for the clusters of tests: small, so that a run fits in memory. As safe as any: services check it (G-02)."""


def configuration(settings: Mapping[str, str]) -> str:
    """The text of `postgresql.conf`. `ALTER SYSTEM` still overrules it: an operator's choice is seen, not hidden."""
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()]
    return "# Written by JOS at every start; use ALTER SYSTEM for changes that should stay.\n" + "\n".join(lines) + "\n"
