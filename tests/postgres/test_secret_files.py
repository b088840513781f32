"""Secrets as files."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from shared.postgres.secret_files import keep_secret
from shared.settings import Settings


def test_a_secret_is_long_random_and_for_its_owner_alone(tmp_path: Path) -> None:
    directory = tmp_path / "secrets"
    one, other = keep_secret(directory / "one"), keep_secret(directory / "other")
    assert one != other and len(one) >= 43
    assert directory.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in directory.iterdir()} == {0o600}
    assert Settings(secrets_dir=directory).secret("one").get_secret_value() == one


def test_a_secret_that_is_there_is_kept(tmp_path: Path) -> None:
    assert keep_secret(tmp_path / "one") == keep_secret(tmp_path / "one")


def test_all_who_come_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        given = set(pool.map(lambda _: keep_secret(tmp_path / "one"), range(64)))
    assert len(given) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["one"]
