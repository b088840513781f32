"""Tests of the log, on real PostgreSQL."""
