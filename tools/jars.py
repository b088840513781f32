"""Writes the hashes of the broker's jars after a change of `jos/broker/pom.xml`: `python -m tools.jars`."""

import os
import tempfile
from pathlib import Path

from jos.broker.software import LOCK, copy_jars, hashes


def main() -> None:
    """Have Maven obtain them anew, and write what they are."""
    with tempfile.TemporaryDirectory() as scratch:
        copy_jars(Path(scratch), os.environ)
        LOCK.write_text(hashes(Path(scratch)), encoding="utf-8")


if __name__ == "__main__":
    main()
