"""A wrong setting ends a service with 78, within two seconds, on one line that names the key and never the value."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from shared.settings import Settings
from tests.polite.catalogue import Case, cases
from tests.polite.processes import Served, environment, free_port, jos, plain, wait

SECONDS = 2.0


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """Secrets in order."""
    for name in ("registry_app", "registry_feed", "token.key"):
        (tmp_path / name).write_text("s" * 40, "utf-8")
        (tmp_path / name).chmod(0o600)
    return tmp_path


@pytest.mark.parametrize("case", cases("configuration"), ids=str)
def test_a_wrong_setting_is_named_and_its_value_is_not(case: Case, secrets: Path) -> None:
    given = plain() | {"JOS_MODE": "demo", "JOS_SECRETS_DIR": str(secrets)} | case.environment
    for name, text in case.secrets.items():
        (secrets / name).unlink()
        if text is not None:
            (secrets / name).write_text(text, "utf-8")
            (secrets / name).chmod(0o644 if case.world_readable else 0o600)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = jos("serve", case.service, given=given)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (78, "", 1), done.stderr
    assert case.key in done.stderr
    assert spent < SECONDS, "processor time, as the machine may be busy"
    for value in (*case.environment.values(), *filter(None, case.secrets.values())):
        assert len(value) < 4 or value not in done.stderr or value in ("production", "demo")


def test_an_issuer_that_is_away_is_69_without_a_stack(secrets: Path) -> None:
    """L-14, J-29: what a service cannot start without is named by kind."""
    given = {"JOS_MODE": "demo", "JOS_SECRETS_DIR": str(secrets), "JOS_ISSUER": f"http://127.0.0.1:{free_port()}"}
    done = jos("serve", "registry", given=plain() | given)
    assert (done.returncode, done.stdout) == (69, "")
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1] == "jos: registry does not start: KeysUnavailable"


@pytest.mark.parametrize(
    "shell",
    [
        "env -i LC_ALL=C PATH=/usr/bin:/bin",
        "env -i LC_ALL=xx_XX.ISO-8859-1 PATH=/usr/bin:/bin",
        "env -u HOME",
        "umask 000; exec",
        "ulimit -n 64; exec",
    ],
)
def test_c20_a_bare_environment_is_enough_to_be_told_what_is_wrong(shell: str) -> None:
    """C-20: no locale, no home, open umask, few files: still one line that names the key."""
    command = f'{shell} "{sys.executable}" -m jos serve registry'
    done = subprocess.run(
        ["/bin/bash", "-c", command], env=plain(), capture_output=True, text=True, timeout=60, check=False,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 78, done.stderr
    assert done.stderr.startswith("jos: JOS_SECRETS_DIR/registry_app: ")
    assert done.stderr.count("\n") == 1


def test_c20_a_service_runs_with_64_files_and_an_open_umask(settings: Settings, tmp_path: Path) -> None:
    """C-20: what it writes is for its owner alone all the same."""
    own = settings.model_copy(update={"data_dir": tmp_path, "secrets_dir": tmp_path / "secrets", "port": free_port()})
    (tmp_path / "secrets").mkdir()
    (tmp_path / "clients.json").write_text("[]", "utf-8")
    command = f'umask 000; ulimit -n 64; exec "{sys.executable}" -m jos serve issuer'
    process = subprocess.Popen(["/bin/bash", "-c", command], env=environment(own), cwd=Path(__file__).parents[2])
    try:
        wait(Served(process, own.port, tmp_path / "none"))
        kept = [path for path in (tmp_path / "secrets").iterdir() if path.is_file()]
        assert kept
        assert all(path.stat().st_mode & 0o077 == 0 for path in kept), [oct(path.stat().st_mode) for path in kept]
    finally:
        process.kill()
        process.wait()
