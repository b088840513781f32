"""Tests of the registry, file by file as the service."""
