"""Lock files hold hashes and no addresses: `python -m tools.locks` says which line does not, and exits 1."""

import re
import sys
from pathlib import Path

ADDRESS = re.compile(r"https?://|--(extra-)?index-url|--find-links|\bgit\+", re.IGNORECASE)
PINNED = re.compile(r"^[A-Za-z0-9._-]+(\[[^]]+])?==\S+")


def faults(lock: Path) -> list[str]:
    """What is wrong with one lock file, a line each."""
    text = lock.read_text(encoding="utf-8")
    lines = enumerate(text.splitlines(), 1)
    found = [f"{lock}:{number}: holds an address" for number, line in lines if ADDRESS.search(line)]
    for requirement in re.sub(r"\\\n", " ", text).splitlines():
        if not requirement or requirement.startswith("#"):
            continue
        if not PINNED.match(requirement):
            found.append(f"{lock}: '{requirement.split()[0]}' is not pinned to one version")
        elif "--hash=sha256:" not in requirement:
            found.append(f"{lock}: '{requirement.split()[0]}' has no hash")
    return found


def main() -> int:
    """Check every lock file of this checkout."""
    root = Path(__file__).parent.parent
    wrong = [fault for lock in sorted((root / "requirements").glob("*.lock")) for fault in faults(lock)]
    sys.stderr.writelines(f"{fault}\n" for fault in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
