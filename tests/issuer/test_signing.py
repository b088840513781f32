"""What the built-in issuer keeps: its own keys, and its clients' secrets."""

import stat
from datetime import timedelta
from pathlib import Path

from joserfc import jwt

from shared.auth.keys import read_jwks
from shared.clock import FrozenClock
from shared.issuer.secrets import NOBODY, hash_secret, matches
from shared.issuer.signing import FILE, SigningKeys


def test_the_key_is_made_once_and_only_its_user_can_read_it(tmp_path: Path, clock: FrozenClock) -> None:
    first = SigningKeys(tmp_path / "secrets", clock).published()
    assert SigningKeys(tmp_path / "secrets", clock).published() == first
    assert stat.S_IMODE((tmp_path / "secrets" / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


async def test_g24_keys_rotate_without_a_failed_request(tmp_path: Path, clock: FrozenClock) -> None:
    """G-24: a token of the old key holds until it expires; then the old key goes."""
    keys = SigningKeys(tmp_path / "secrets", clock)
    old = keys.sign({"a": 1})
    keys.rotate()
    new = keys.sign({"a": 1})
    published = [str(key["kid"]) for key in keys.published()["keys"]]
    accepted = read_jwks(keys.published())
    for token, kid in zip([new, old], published, strict=True):
        assert jwt.decode(token, accepted[kid], algorithms=["ES256"]).header["kid"] == kid
    clock.move(timedelta(hours=1))
    assert [key["kid"] for key in keys.published()["keys"]] == published[:1]
    clock.move(timedelta(days=30))
    assert keys.published()["keys"][0]["kid"] not in published


def test_a_withdrawn_key_is_gone_at_once_also_after_a_restart(tmp_path: Path, clock: FrozenClock) -> None:
    keys = SigningKeys(tmp_path / "secrets", clock)
    (key,) = keys.published()["keys"]
    keys.withdraw(str(key["kid"]))
    again = SigningKeys(tmp_path / "secrets", clock).published()["keys"]
    assert [one["kid"] for one in again] != [key["kid"]]
    assert len(again) == 1


def test_a_secret_is_kept_as_a_hash_that_only_it_fits() -> None:
    kept = hash_secret("s" * 32)
    assert matches("s" * 32, kept)
    assert not matches("s" * 31, kept)
    assert not matches("", NOBODY)
    assert hash_secret("s" * 32) != kept
