"""`jos up`: every service on one machine, each in its own process, under one supervisor."""
