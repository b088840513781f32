"""`python -m jos`: the same as `jos`."""

from jos.cli import main

main()
