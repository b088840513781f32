"""Verified tokens are remembered, but never longer than they or their key hold."""

from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey

from shared.auth.errors import Unauthenticated
from shared.auth.keys import StaticKeys, UnsafeKey, read_jwks
from shared.auth.verifier import Verifier
from shared.clock import FrozenClock
from tests.fixtures.auth import AUDIENCE, ISSUER, SIGNING_KEY, Mint, claims_for

PUBLISHED = SIGNING_KEY.as_dict(private=False)


class CountingKeys(StaticKeys):
    """Counts how often a key was looked for: once per signature check."""

    looked = 0

    async def find(self, kid: str) -> Key | None:
        self.looked += 1
        return await super().find(kid)


async def test_a_token_is_checked_once_and_then_remembered(clock: FrozenClock, mint: Mint) -> None:
    keys = CountingKeys({"keys": [PUBLISHED]})
    verifier, token = Verifier(keys, ISSUER, AUDIENCE, clock), mint()
    first, second = await verifier.verify(token), await verifier.verify(token)
    assert first is second
    assert keys.looked == 1


async def test_a_remembered_token_is_forgotten_when_it_expires(
    clock: FrozenClock, mint: Mint, verifier: Verifier
) -> None:
    token = mint()
    await verifier.verify(token)
    clock.move(timedelta(seconds=899))
    await verifier.verify(token)
    clock.move(timedelta(seconds=1))
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)


async def test_g24_a_withdrawn_key_is_refused_though_its_token_was_remembered(clock: FrozenClock, mint: Mint) -> None:
    """G-24: keys rotate without a failed request and a withdrawn key is refused."""
    keys = StaticKeys({"keys": [PUBLISHED]})
    verifier, token = Verifier(keys, ISSUER, AUDIENCE, clock), mint()
    await verifier.verify(token)
    new = ECKey.generate_key("P-256", {"kid": "test-2"}).as_dict(private=False)
    keys.replace({"keys": [new, PUBLISHED]})
    await verifier.verify(token)
    keys.replace({"keys": [new]})
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
async def test_a_public_issuer_may_sign_with_rsa(clock: FrozenClock, algorithm: str) -> None:
    key = RSAKey.generate_key(2048, {"kid": "rsa"})
    verifier = Verifier(StaticKeys({"keys": [key.as_dict(private=False)]}), ISSUER, AUDIENCE, clock)
    header = {"alg": algorithm, "kid": "rsa", "typ": "at+jwt"}
    claims = claims_for(clock.now(), "gm:GM0546", ["municipal-analyst"], municipalities=["GM0546"], region="HR")
    caller = await verifier.verify(jwt.encode(header, claims, key, algorithms=[algorithm]))
    assert caller.municipalities == {"GM0546"}
    assert caller.region == "HR"
    assert caller.has("municipal-analyst", "bi")
    assert not caller.has("bi")


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("kind", ["short", "private", "curve", "no kid", "same kid", "broken", "no list"])
def test_a_key_that_must_not_be_used_is_refused(kind: str) -> None:
    short = {**RSAKey.generate_key(1024, auto_kid=False).as_dict(private=False), "kid": "short"}
    jwks = {
        "short": [short],
        "private": [SIGNING_KEY.as_dict(private=True)],
        "curve": [ECKey.generate_key("P-384", {"kid": "x"}).as_dict(private=False)],
        "no kid": [{name: value for name, value in PUBLISHED.items() if name != "kid"}],
        "same kid": [PUBLISHED, PUBLISHED],
        "broken": [{**PUBLISHED, "x": "AA"}],
        "no list": {"a": PUBLISHED},
    }[kind]
    with pytest.raises(UnsafeKey):
        read_jwks({"keys": jwks})


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_an_unsafe_key_among_good_ones_is_left_out_and_told() -> None:
    told: list[str] = []
    short = {**RSAKey.generate_key(1024, auto_kid=False).as_dict(private=False), "kid": "short"}
    encryption = {**PUBLISHED, "kid": "enc", "use": "enc"}
    found = read_jwks({"keys": [short, PUBLISHED, encryption]}, on_unsafe=told.append)
    assert set(found) == {"test-1"}
    assert len(told) == 1
