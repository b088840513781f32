"""The log: an append-only table with dense, commit-ordered positions."""
