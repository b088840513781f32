"""The command line of JOS."""

__version__ = "0.1.0"
