"""Secrets as files: one each, random, readable by their owner alone."""

import os
import secrets
from pathlib import Path


def keep_secret(path: Path) -> str:
    """The secret in this file; a new random one of 256 bits (43 characters) when there is no file yet.

    Whoever is second reads what the first wrote. The directory is made with mode 0700, the file with 0600.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(unfinished, path)
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    return path.read_text(encoding="utf-8").strip()
