"""What a broker runs on: Java, and Kafka's jars, obtained once with Maven and kept outside the tree."""

import fcntl
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
POM = HERE / "pom.xml"
LOCK = HERE / "jars.lock"
"""A line per jar: its SHA-256, two spaces, its name (`sha256sum` reads it too)."""

OLDEST_JAVA = 17
JAVA_HINT = "on Debian, apt-get install default-jre-headless"
PATIENCE_SECONDS = 600
"""For Maven to obtain 43 MB over a slow line."""


class BrokerFailed(Exception):
    """There is no broker: what is missing, or why it does not start, in a sentence for whoever has to mend it."""


def find_java(environment: Mapping[str, str]) -> Path:
    """The `java` of `JAVA_HOME`, else of the path. Raises `BrokerFailed` when there is none, or an old one."""
    home = environment.get("JAVA_HOME")
    given = str(Path(home, "bin")) if home else environment.get("PATH")
    found = shutil.which("java", path=given)
    if found is None:
        raise BrokerFailed(f"Kafka needs Java {OLDEST_JAVA} or newer, and there is none: {JAVA_HINT}")
    told = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(?:1\.)?(\d+)', told)
    if version is None or int(version[1]) < OLDEST_JAVA:
        raise BrokerFailed(f"Kafka needs Java {OLDEST_JAVA} or newer; {found} is none: {JAVA_HINT}")
    return Path(found)


def find_jars(environment: Mapping[str, str]) -> Path:
    """The directory with Kafka's jars, and nothing else, obtained with Maven when it is not there yet.

    It lies under `XDG_CACHE_HOME` (else `~/.cache`), named after what is in it, so that another version gets another
    directory. A half one is never used, and of two processes that need it at once one waits for the other.
    Raises `BrokerFailed` when Maven is missing or fails, or gives other bytes than those of `jars.lock`.
    """
    cache = Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jos"
    jars = cache / f"kafka-{sha256(POM.read_bytes() + LOCK.read_bytes()).hexdigest()[:16]}"
    if not jars.is_dir():
        try:
            cache.mkdir(parents=True, exist_ok=True)
            with _alone(jars.with_suffix(".lock")):
                if not jars.is_dir():
                    _obtain(jars, environment)
        except OSError as error:
            raise BrokerFailed(f"Kafka's jars cannot be kept in {cache}: {error.strerror}") from None
    return jars


def copy_jars(target: Path, environment: Mapping[str, str]) -> None:
    """Have Maven put the jars of `pom.xml` there; where it gets them from is the machine's own configuration."""
    maven = shutil.which("mvn", path=environment.get("PATH"))
    if maven is None:
        raise BrokerFailed("Kafka's jars are obtained with Maven, and there is none: on Debian, apt-get install maven")
    # Strict checksums, no questions, no progress.
    command = [maven, "--quiet", "--batch-mode", "--strict-checksums", f"--file={POM}", "dependency:copy-dependencies"]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={target}"]
    try:
        done = subprocess.run(
            command, env=dict(environment), capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise BrokerFailed(f"Maven has not obtained Kafka's jars after {PATIENCE_SECONDS} s") from None
    if done.returncode:
        errors = [line for line in done.stdout.splitlines() if "ERROR" in line] or [done.stderr.strip()]
        raise BrokerFailed(f"Maven does not obtain Kafka's jars: {errors[0]}")


def hashes(jars: Path) -> str:
    """What `jars.lock` says of these jars."""
    return "".join(f"{sha256(jar.read_bytes()).hexdigest()}  {jar.name}\n" for jar in sorted(jars.glob("*.jar")))


def _obtain(jars: Path, environment: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory(dir=jars.parent, prefix=f"{jars.name}.") as scratch:
        unfinished = Path(scratch) / "jars"
        copy_jars(unfinished, environment)
        got, wanted = set(hashes(unfinished).splitlines()), set(LOCK.read_text(encoding="utf-8").splitlines())
        if got != wanted:
            other = min(got ^ wanted).partition("  ")[2]
            raise BrokerFailed(f"Maven gives other jars than jars.lock names ({other}): they are not used")
        unfinished.rename(jars)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
